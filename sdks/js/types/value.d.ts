/**
 * The parameter that had to be given with `--set`.
 *
 * @param {string} name
 */
export function missing(name: string): ParameterError;
/**
 * A parameter whose value cannot be used.
 *
 * @param {string} name
 * @param {string} text
 * @param {string} expected
 */
export function bad(name: string, text: string, expected: string): ParameterError;
/**
 * What a text means, as a number: milliseconds, bytes, a count.
 *
 * @param {Kind} kind
 * @param {string} name of the parameter that the text is the value of
 * @param {string} text
 * @returns {number}
 */
export function parse(kind: Kind, name: string, text: string): number;
/** @typedef {keyof typeof KINDS} Kind */
/** A parameter that is missing, or not what it has to be. Uncaught, it is the failing tag of the call. */
export class ParameterError extends Fail {
    /**
     * @param {string} tag
     * @param {string} parameter
     * @param {string} because
     */
    constructor(tag: string, parameter: string, because: string);
    /** The name of the parameter. */
    parameter: string;
}
export type Kind = keyof typeof KINDS;
import { Fail } from "./fail.js";
declare namespace KINDS {
    namespace duration {
        let expected: string;
        let units: Map<string, number>;
    }
    namespace size {
        let expected_1: string;
        export { expected_1 as expected };
        let units_1: Map<string, number>;
        export { units_1 as units };
    }
    namespace count {
        let expected_2: string;
        export { expected_2 as expected };
        let units_2: Map<string, number>;
        export { units_2 as units };
    }
}
export {};

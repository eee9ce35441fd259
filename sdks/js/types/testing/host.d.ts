/** Nothing waits here. */
export function awaits(): boolean;
/**
 * In a test, what would end the instance is simply thrown.
 *
 * @param {Error} error
 */
export function fault(error: Error): Error;
/** @typedef {import("#host").Host} Host */
/** @type {Host["clock"]} */
export const clock: Host["clock"];
/** @type {Host["context"]} */
export const context: Host["context"];
/** @type {Host["measure"]} */
export const measure: Host["measure"];
/** @type {Host["http"]} */
export const http: Host["http"];
export type Host = import("#host").Host;

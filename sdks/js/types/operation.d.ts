/**
 * A function that makes one call: it gets the number of the call, and what it returns is the tag. It throws a
 * {@link Fail} for a failing tag. Any other exception ends the instance, and the call is a `!trap`.
 *
 * @callback Run
 * @param {number} number
 * @returns {import("./outcome.js").Returned | Promise<import("./outcome.js").Returned>}
 */
/**
 * What an operation may do around its calls. None of it counts into the results of the calls.
 *
 * @typedef {object} Hooks
 * @property {() => unknown} [setup] Once per run, before everything else, in an instance of its own. What it returns
 *   (bytes, text, or a value that is sent as JSON) is handed to every `start` and to `teardown`. A `Fail` ends the run
 *   before any load was made.
 * @property {(shared: Shared) => void} [teardown] Once per run, after everything else, in an instance of its own.
 * @property {(shared: Shared) => void} [start] Once per instance, before its first call. A `Fail` ends the call that
 *   needed the instance.
 * @property {() => void} [stop] Once per instance, at its clean end.
 */
/**
 * Makes a function the operation of this component:
 *
 * ```js
 * export const operation = defineOperation((number) => http.get(`http://127.0.0.1:8080/${number}`));
 * ```
 *
 * @param {Run} run
 */
export function defineOperation(run: Run): {
    /**
     * @param {number | bigint} number
     * @returns {any} the tag
     */
    run: (number: number | bigint) => any;
};
/**
 * Names what is to happen around the calls. Each hook may be left out.
 *
 * ```js
 * export const lifecycle = defineLifecycle({ setup, start, stop, teardown });
 * ```
 *
 * A component that exports `lifecycle` has it called; one that does not is spared it.
 *
 * @param {Hooks} hooks
 */
export function defineLifecycle(hooks: Hooks): {
    /** @returns {any} the bytes for the others */
    setup: () => any;
    /**
     * @param {Uint8Array} shared
     * @returns {any} nothing
     */
    teardown: (shared: Uint8Array) => any;
    /**
     * @param {Uint8Array} shared
     * @returns {any} nothing
     */
    start: (shared: Uint8Array) => any;
    /** @returns {any} nothing */
    stop: () => any;
};
/**
 * A function that makes one call: it gets the number of the call, and what it returns is the tag. It throws a
 * {@link Fail} for a failing tag. Any other exception ends the instance, and the call is a `!trap`.
 */
export type Run = (number: number) => import("./outcome.js").Returned | Promise<import("./outcome.js").Returned>;
/**
 * What an operation may do around its calls. None of it counts into the results of the calls.
 */
export type Hooks = {
    /**
     * Once per run, before everything else, in an instance of its own. What it returns
     * (bytes, text, or a value that is sent as JSON) is handed to every `start` and to `teardown`. A `Fail` ends the run
     * before any load was made.
     */
    setup?: (() => unknown) | undefined;
    /**
     * Once per run, after everything else, in an instance of its own.
     */
    teardown?: ((shared: Shared) => void) | undefined;
    /**
     * Once per instance, before its first call. A `Fail` ends the call that
     * needed the instance.
     */
    start?: ((shared: Shared) => void) | undefined;
    /**
     * Once per instance, at its clean end.
     */
    stop?: (() => void) | undefined;
};
import { Shared } from "./handover.js";

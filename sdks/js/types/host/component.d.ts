/**
 * StarlingMonkey has an event loop and waits for what an export returns. QuickJS, built without the asynchronous ABI,
 * never runs a promise's continuation.
 */
export function awaits(): boolean;
/**
 * An exception that an export throws becomes its error result, in QuickJS even an `Error`: the message would be the
 * tag. One that is thrown while the engine reads the `payload` of the first has nowhere to go, and traps; its message
 * is then that of the trap. The stack is in the log already.
 *
 * @param {Error} error
 */
export function fault(error: Error): {
    readonly payload: void;
};
export const clock: import("./index.js").Clock;
export const context: import("./index.js").Context;
export const measure: import("./index.js").Measure;
export const http: import("./index.js").Http;

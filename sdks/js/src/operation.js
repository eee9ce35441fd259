/**
 * The way from the exports of the component to the user's functions and back.
 */

import { awaits, fault } from "#host";
import { Fail } from "./fail.js";
import * as log from "./log.js";
import { outcome } from "./outcome.js";
import { restart } from "./random.js";
import { Shared, toBytes } from "./handover.js";
import { show, showError } from "./show.js";

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
export function defineOperation(run) {
  return {
    /**
     * @param {number | bigint} number
     * @returns {any} the tag
     */
    run: (number) =>
      guard(
        () => run(Number(number)),
        (value) => {
          const { tag, ok } = outcome(value);
          if (!ok) throw new Fail(tag);
          return tag.toWellFormed();
        },
        (failure) => {
          if (failure.because !== undefined) log.error(failure.because);
          throw failure.tag.toWellFormed();
        },
      ),
  };
}

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
export function defineLifecycle(hooks) {
  /** @type {(failure: Fail) => never} */
  const refuse = (failure) => {
    throw failure.message.toWellFormed();
  };
  /** @type {(name: string) => (failure: Fail) => void} */
  const note = (name) => (failure) =>
    log.error(`${name} failed: ${failure.message}`);
  const done = () => undefined;
  return {
    /** @returns {any} the bytes for the others */
    setup: () => guard(() => hooks.setup?.(), toBytes, refuse),
    /**
     * @param {Uint8Array} shared
     * @returns {any} nothing
     */
    teardown: (shared) =>
      guard(() => hooks.teardown?.(new Shared(shared)), done, note("teardown")),
    /**
     * @param {Uint8Array} shared
     * @returns {any} nothing
     */
    start: (shared) =>
      guard(() => hooks.start?.(new Shared(shared)), done, refuse),
    /** @returns {any} nothing */
    stop: () => guard(() => hooks.stop?.(), done, note("stop")),
  };
}

/**
 * Runs a function of the user's.
 *
 * @template T
 * @param {() => unknown} part
 * @param {(value: any) => T} accept what becomes of its value
 * @param {(failure: Fail) => T} refuse what becomes of a failure
 * @returns {T | Promise<T>}
 */
function guard(part, accept, refuse) {
  restart();
  /** @param {unknown} error */
  const caught = (error) => {
    if (error instanceof Fail) return refuse(error);
    throw crash(error);
  };
  let value;
  try {
    value = part();
    if (!isPromise(value)) value = accept(value);
    else if (!awaits()) throw new TypeError(ASYNCHRONOUS);
  } catch (error) {
    return caught(error);
  }
  return isPromise(value) ? value.then(accept).catch(caught) : value;
}

const ASYNCHRONOUS =
  "the operation returned a promise, which QuickJS cannot wait for: nothing here needs `async`, `http.get` and its " +
  "like wait by themselves; or build with `--engine starlingmonkey`";

/**
 * @param {any} value
 * @returns {value is Promise<any>}
 */
function isPromise(value) {
  return typeof value?.then === "function";
}

/**
 * What ends the instance, after the log has the message and the stack.
 *
 * @param {unknown} error
 */
function crash(error) {
  const known =
    error instanceof Error ? error : new Error(`uncaught: ${show(error)}`);
  log.error(showError(known));
  return fault(known);
}

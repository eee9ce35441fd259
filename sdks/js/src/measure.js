/**
 * What the operation finds worth measuring inside a call. It is reported under the tag that the call returns in the
 * end.
 */

import { measure as host } from "#host";
import { nanos } from "./nanos.js";

/**
 * Times a part of the call: one sample of the measurement `name`, whether the part returns or throws. Spans may nest
 * and repeat. The span of an asynchronous part ends with its promise.
 *
 * ```js
 * const found = measure.span("search", () => search(words));
 * ```
 *
 * @template T
 * @param {string} name
 * @param {() => T} part
 * @returns {T}
 */
export function span(name, part) {
  const end = begin(name);
  let value;
  try {
    value = part();
  } catch (error) {
    end();
    throw error;
  }
  if (value instanceof Promise) {
    return /** @type {T} */ (value.finally(end));
  }
  end();
  return value;
}

/**
 * Starts a span that may overlap others, and returns what ends it. A span that is never ended gives no sample.
 *
 * @param {string} name
 * @returns {() => void}
 */
export function begin(name) {
  const handle = host.begin(name);
  return () => host.end(handle);
}

/**
 * Adds a sample that was timed otherwise.
 *
 * @param {string} name
 * @param {number} milliseconds
 */
export function record(name, milliseconds) {
  host.record(name, nanos(milliseconds));
}

/**
 * Adds to a counter of the run.
 *
 * @param {string} name
 * @param {number} [delta] a whole number from 0 on
 */
export function count(name, delta = 1) {
  if (!Number.isSafeInteger(delta) || delta < 0) {
    throw new RangeError(
      `a counter grows by a whole number from 0 on, not by ${delta}`,
    );
  }
  host.count(name, delta);
}

/**
 * Counts a named check as passed or failed, and says which. It neither ends the call nor changes its tag.
 *
 * @param {string} name
 * @param {unknown} passed
 */
export function check(name, passed) {
  host.check(name, Boolean(passed));
  return Boolean(passed);
}

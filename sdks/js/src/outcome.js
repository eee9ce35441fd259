/**
 * From what an operation returned to its tag.
 */

import { Response } from "./http/response.js";
import { show } from "./show.js";

/**
 * What an operation may return: a word; a status as a number, or a response (its number, failing unless it is 200 to
 * 399); `true`, `false` (`SUCCESS`, failing `FAIL`); nothing (`SUCCESS`).
 *
 * @typedef {string | number | boolean | void | Response} Returned
 */

/**
 * @typedef {object} Outcome
 * @property {string} tag
 * @property {boolean} ok
 */

/**
 * @param {unknown} value
 * @returns {Outcome}
 */
export function outcome(value) {
  switch (typeof value) {
    case "string":
      return { tag: value, ok: true };
    case "undefined":
      return { tag: "SUCCESS", ok: true };
    case "boolean":
      return { tag: value ? "SUCCESS" : "FAIL", ok: value };
    case "number":
      if (Number.isInteger(value) && value >= 100 && value <= 999) {
        return status(value);
      }
  }
  if (value instanceof Response) return status(value.status);
  throw new TypeError(
    `\`run\` returned ${show(value)}, which is no tag: return a string, a status, a response, a boolean or nothing`,
  );
}

/**
 * @param {number} status
 * @returns {Outcome}
 */
function status(status) {
  return { tag: String(status), ok: status >= 200 && status < 400 };
}

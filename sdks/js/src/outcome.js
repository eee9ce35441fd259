/**
 * From what an operation returned to its tag.
 */

import { show } from "./show.js";

/**
 * What an operation may return: a word; a status as a number, or a response, that of `fetch` too (its number, failing
 * unless it is 200 to 399); `true`, `false` (`SUCCESS`, failing `FAIL`); nothing (`SUCCESS`).
 *
 * @typedef {string | number | boolean | void | { readonly status: number }} Returned
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
  }
  const status =
    typeof value === "object" && value !== null && "status" in value
      ? value.status
      : value;
  if (Number.isInteger(status)) {
    const number = /** @type {number} */ (status);
    if (number >= 100 && number <= 999) {
      return { tag: String(number), ok: number >= 200 && number < 400 };
    }
  }
  throw new TypeError(
    `\`run\` returned ${show(value)}, which is no tag: return a string, a status, a response, a boolean or nothing`,
  );
}

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
export function outcome(value: unknown): Outcome;
/**
 * What an operation may return: a word; a status as a number, or a response, that of `fetch` too (its number, failing
 * unless it is 200 to 399); `true`, `false` (`SUCCESS`, failing `FAIL`); nothing (`SUCCESS`).
 */
export type Returned = string | number | boolean | void | {
    readonly status: number;
};
export type Outcome = {
    tag: string;
    ok: boolean;
};

/** @typedef {Record<string, string | number | boolean> | Iterable<readonly [string, string | number | boolean]>} Pairs */
/**
 * @param {Pairs} pairs
 * @returns {[string, string][]}
 */
export function toList(pairs: Pairs): [string, string][];
/**
 * `name=value&…`, percent-encoded: a query, or an `application/x-www-form-urlencoded` body.
 *
 * @param {Pairs} pairs
 */
export function form(pairs: Pairs): string;
/**
 * The URL with this added to its query, before its fragment.
 *
 * @param {string} url
 * @param {Pairs} pairs
 */
export function addQuery(url: string, pairs: Pairs): string;
/**
 * `authorization: Basic …` (RFC 7617).
 *
 * @param {string} user
 * @param {string} password
 */
export function basic(user: string, password: string): string;
export type Pairs = Record<string, string | number | boolean> | Iterable<readonly [string, string | number | boolean]>;

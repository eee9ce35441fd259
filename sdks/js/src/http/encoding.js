/**
 * The encodings of the web that requests need.
 */

import { encode } from "../text.js";

/** @typedef {Record<string, string | number | boolean> | Iterable<readonly [string, string | number | boolean]>} Pairs */

/**
 * @param {Pairs} pairs
 * @returns {[string, string][]}
 */
export function toList(pairs) {
  const entries =
    Symbol.iterator in pairs
      ? /** @type {Iterable<readonly [string, unknown]>} */ (pairs)
      : Object.entries(pairs);
  return Array.from(entries, ([name, value]) => [name, String(value)]);
}

/**
 * `name=value&…`, percent-encoded: a query, or an `application/x-www-form-urlencoded` body.
 *
 * @param {Pairs} pairs
 */
export function form(pairs) {
  return toList(pairs)
    .map(([name, value]) => `${percent(name)}=${percent(value)}`)
    .join("&");
}

/**
 * Everything but the unreserved characters of RFC 3986, section 2.3.
 *
 * @param {string} text
 */
function percent(text) {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The URL with this added to its query, before its fragment.
 *
 * @param {string} url
 * @param {Pairs} pairs
 */
export function addQuery(url, pairs) {
  const query = form(pairs);
  if (query === "") return url;
  const hash = url.indexOf("#");
  const [head, tail] =
    hash < 0 ? [url, ""] : [url.slice(0, hash), url.slice(hash)];
  const separator = !head.includes("?")
    ? "?"
    : head.endsWith("?") || head.endsWith("&")
      ? ""
      : "&";
  return head + separator + query + tail;
}

/**
 * `authorization: Basic …` (RFC 7617).
 *
 * @param {string} user
 * @param {string} password
 */
export function basic(user, password) {
  const bytes = encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

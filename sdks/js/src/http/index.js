/**
 * HTTP/1.1 and HTTP/2. Connections are kept between calls and belong to the worker; the time of every request is
 * measured outside of the sandbox.
 *
 * ```js
 * const page = http.get("http://127.0.0.1:8080/search", { query: { q: "gorgon" } });
 * const cart = http.post(`${url}/carts`, { json: { item: "book" }, name: "cart" }).throwForStatus().json();
 * ```
 *
 * A request waits for its response and returns it, of whatever status; where there is none, it throws an
 * {@link HttpError}. What the operation does not read is not copied into the sandbox: headers and timings are asked
 * for one by one, and `discardBody` leaves the body outside.
 */

import { http as host } from "#host";
import { fromHost, HttpError } from "./error.js";
import { build } from "./request.js";
import { Response } from "./response.js";
import { send, unwrap } from "./send.js";

export { Client } from "./client.js";
export { HttpError, Response };

/** @typedef {import("./client.js").ClientOptions} ClientOptions */
/** @typedef {import("./request.js").Options} Options */
/** @typedef {import("./response.js").Timings} Timings */
/** @typedef {import("./error.js").ErrorKind} ErrorKind */
/** @typedef {import("./error.js").Phase} Phase */

/** @type {Options} */
const PLAIN = Object.freeze({});

/**
 * A request with any method.
 *
 * @param {string} method
 * @param {string} url
 * @param {Options} [options]
 */
export function request(method, url, options = PLAIN) {
  return send(build(method, url, options));
}

/**
 * A `GET` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function get(url, options) {
  // The host has a shorter way for the commonest of requests.
  return options === undefined
    ? unwrap(host.get(url))
    : request("GET", url, options);
}

/**
 * A `HEAD` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function head(url, options) {
  return request("HEAD", url, options);
}

/**
 * A `POST` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function post(url, options) {
  return request("POST", url, options);
}

/**
 * A `PUT` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function put(url, options) {
  return request("PUT", url, options);
}

/**
 * A `PATCH` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function patch(url, options) {
  return request("PATCH", url, options);
}

/**
 * A `DELETE` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function del(url, options) {
  return request("DELETE", url, options);
}

/**
 * One of the requests of {@link sendAll}.
 *
 * @typedef {Options & { method?: string, url: string }} Request
 */

/**
 * Sends all requests at once, as a browser does, and returns what became of them, in their order.
 *
 * ```js
 * const [style, script] = http.sendAll([{ url: `${url}/a.css` }, { url: `${url}/a.js` }]);
 * if (style instanceof http.HttpError) throw style;
 * ```
 *
 * @param {Request[]} requests
 * @returns {(Response | HttpError)[]}
 */
export function sendAll(requests) {
  const built = requests.map(({ method = "GET", url, ...options }) =>
    build(method, url, options),
  );
  return host
    .sendAll(built)
    .map((answer) =>
      answer.tag === "ok" ? new Response(answer.val) : fromHost(answer.val),
    );
}

/**
 * A request with any method.
 *
 * @param {string} method
 * @param {string} url
 * @param {Options} [options]
 */
export function request(method: string, url: string, options?: Options): Response;
/**
 * A `GET` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function get(url: string, options?: Options): Response;
/**
 * A `HEAD` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function head(url: string, options?: Options): Response;
/**
 * A `POST` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function post(url: string, options?: Options): Response;
/**
 * A `PUT` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function put(url: string, options?: Options): Response;
/**
 * A `PATCH` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function patch(url: string, options?: Options): Response;
/**
 * A `DELETE` request.
 *
 * @param {string} url
 * @param {Options} [options]
 */
export function del(url: string, options?: Options): Response;
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
export function sendAll(requests: Request[]): (Response | HttpError)[];
export { Client } from "./client.js";
/**
 * One of the requests of {@link sendAll}.
 */
export type Request = Options & {
    method?: string;
    url: string;
};
export type ClientOptions = import("./client.js").ClientOptions;
export type Options = import("./request.js").Options;
export type Timings = import("./response.js").Timings;
export type ErrorKind = import("./error.js").ErrorKind;
export type Phase = import("./error.js").Phase;
import { Response } from "./response.js";
import { HttpError } from "./error.js";
export { HttpError, Response };

import { http as host } from "#host";
import { decode } from "../text.js";
import { HttpError } from "./error.js";

/**
 * Where the time of a request went, in milliseconds. The phases of a request that followed redirects are sums.
 *
 * @typedef {object} Timings
 * @property {number} blocked waiting for a connection to become free
 * @property {number} dns looking up the name; 0 on a kept connection
 * @property {number} connect opening the TCP connection; 0 on a kept one
 * @property {number} tls the TLS handshake; 0 on a kept connection
 * @property {number} send writing the request
 * @property {number} wait from the last byte written to the first byte of the answer
 * @property {number} receive from the first byte of the answer to its last
 * @property {number} total from asking to having, all phases and the host's own work
 */

/**
 * What came back, of whatever status. It belongs to its call: asking for its headers or timings in a later call, or
 * after 1,024 newer responses, is a `!trap`.
 */
export class Response {
  #id;

  /** @param {import("#host").WireResponse} response */
  constructor({ id, status, body, bodySize }) {
    this.#id = id;
    /** 100 to 999. */
    this.status = status;
    /** The body, as far as the request asked for it. */
    this.bytes = body;
    /** The length of the whole body in bytes, after decoding. */
    this.bodySize = bodySize;
  }

  /** True for a status from 200 to 299. */
  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  /**
   * This response, or for a status of 400 and above an {@link HttpError}: uncaught, the status becomes the failing tag
   * of the call.
   *
   * @returns {this}
   */
  throwForStatus() {
    if (this.status < 400) return this;
    throw new HttpError("status", `the status is ${this.status}`, {
      status: this.status,
    });
  }

  /** The body as text. What is not UTF-8 in it becomes U+FFFD. */
  text() {
    return decode(this.bytes);
  }

  /**
   * The body as JSON. Where it is none: an {@link HttpError} of the kind `json`.
   *
   * @returns {any}
   */
  json() {
    const text = this.text();
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new HttpError(
        "json",
        `the body is not JSON: ${/** @type {Error} */ (cause).message}, in ${start(text)}`,
        { cause },
      );
    }
  }

  /**
   * The first header of that name, in any case.
   *
   * @param {string} name
   */
  header(name) {
    return host.header(this.#id, name);
  }

  /**
   * All values of that name, for headers that repeat, such as `set-cookie`.
   *
   * @param {string} name
   */
  headerAll(name) {
    return host.headerAll(this.#id, name);
  }

  /** Names and values in the order they were received. */
  headers() {
    return host.headersOf(this.#id);
  }

  /**
   * Where the time went.
   *
   * @returns {Timings}
   */
  timings() {
    const timings = Object.entries(host.timingsOf(this.#id));
    return /** @type {any} */ (
      Object.fromEntries(timings.map(([phase, nanos]) => [phase, nanos / 1e6]))
    );
  }

  /** True if the response came over a connection that had served before. */
  reused() {
    return host.reused(this.#id);
  }

  /** The version the answer came in: `HTTP/1.1`, `HTTP/2`. */
  version() {
    return host.version(this.#id);
  }
}

/** @param {string} text */
function start(text) {
  const few = 80;
  return JSON.stringify(text.length > few ? `${text.slice(0, few)}…` : text);
}

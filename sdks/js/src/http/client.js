import * as clock from "../clock.js";
import * as measure from "../measure.js";
import { nanos } from "../nanos.js";
import { Jar } from "./cookies.js";
import { toList } from "./encoding.js";
import { HttpError } from "./error.js";
import { build } from "./request.js";
import { send } from "./send.js";
import { join, resolve, sameOrigin } from "./url.js";

/** @typedef {import("./request.js").Options} Options */
/** @typedef {import("./response.js").Response} Response */
/** @typedef {import("#host").WireRequest} WireRequest */

/**
 * What several requests have in common.
 *
 * @typedef {object} ClientOptions
 * @property {string} [base] what the URLs of its requests are put behind, unless they are absolute: `/users` under
 *   `http://host/api` is `http://host/api/users`
 * @property {import("./encoding.js").Pairs} [headers] headers of every request, before its own
 * @property {number} [timeout] the limit of every request that has none of its own, in milliseconds
 * @property {number} [redirects] how many redirects every request follows that does not say it itself
 */

/**
 * Several requests that have something in common: a base URL, headers, limits, and the cookies that the site sets.
 *
 * ```js
 * const client = new http.Client({ base: context.required("url"), redirects: 5 });
 * client.post("/login", { form: { user: "medusa" } }).throwForStatus();
 * return client.get("/account");
 * ```
 *
 * A client outside of the function is kept, with its cookies, for as long as the instance: one virtual user, who logs
 * in once. Made within the operation, it is a new user for each call. Connections belong to the worker and are kept
 * without it.
 */
export class Client {
  #base;
  #headers;
  #options;
  #jar = new Jar();

  /** @param {ClientOptions} [options] */
  constructor({ base = "", headers = [], ...options } = {}) {
    this.#base = base;
    this.#headers = toList(headers);
    this.#options = options;
  }

  /**
   * A request with any method. One with a `cookie` header of its own gets no other.
   *
   * @param {string} method
   * @param {string} url
   * @param {Options} [options]
   * @returns {Response}
   */
  request(method, url, options = {}) {
    const request = build(method, join(this.#base, url), {
      ...this.#options,
      ...options,
      headers: [...this.#headers, ...toList(options.headers ?? [])],
    });
    // The host would time each step of a flow through redirects.
    return request.name === undefined || request.redirects === 0
      ? this.#follow(request)
      : this.#timed(request.name, { ...request, name: undefined });
  }

  /**
   * A `GET` request.
   *
   * @param {string} url
   * @param {Options} [options]
   */
  get(url, options) {
    return this.request("GET", url, options);
  }

  /**
   * A `HEAD` request.
   *
   * @param {string} url
   * @param {Options} [options]
   */
  head(url, options) {
    return this.request("HEAD", url, options);
  }

  /**
   * A `POST` request.
   *
   * @param {string} url
   * @param {Options} [options]
   */
  post(url, options) {
    return this.request("POST", url, options);
  }

  /**
   * A `PUT` request.
   *
   * @param {string} url
   * @param {Options} [options]
   */
  put(url, options) {
    return this.request("PUT", url, options);
  }

  /**
   * A `PATCH` request.
   *
   * @param {string} url
   * @param {Options} [options]
   */
  patch(url, options) {
    return this.request("PATCH", url, options);
  }

  /**
   * A `DELETE` request.
   *
   * @param {string} url
   * @param {Options} [options]
   */
  del(url, options) {
    return this.request("DELETE", url, options);
  }

  /**
   * The value of a cookie that the client keeps, the newest of that name.
   *
   * @param {string} name
   */
  cookie(name) {
    return this.#jar.get(name);
  }

  /** Forgets all cookies. */
  clearCookies() {
    this.#jar.clear();
  }

  /**
   * One sample for each response, as the host does it.
   *
   * @param {string} name
   * @param {WireRequest} request
   */
  #timed(name, request) {
    const started = clock.now();
    const response = this.#follow(request);
    measure.record(name, clock.now() - started);
    return response;
  }

  /**
   * Sends a request and follows its redirects, each with the cookies that belong there: the host, which has no jar,
   * follows none of them.
   *
   * @param {WireRequest} request
   * @returns {Response}
   */
  #follow(request) {
    let { redirects } = request;
    const limit = request.timeout ?? Infinity;
    const deadline = clock.now() + limit / 1e6;
    let step = { ...request, redirects: 0 };
    for (;;) {
      const response = send(this.#withCookies(step));
      for (const cookie of response.headerAll("set-cookie")) {
        this.#jar.store(step.url, cookie, clock.now());
      }
      const location = [301, 302, 303, 307, 308].includes(response.status)
        ? response.header("location")
        : undefined;
      if (request.redirects === 0 || location === undefined) return response;
      if (redirects-- === 0) {
        throw new HttpError(
          "other",
          `more than ${request.redirects} redirects`,
        );
      }
      step = redirected(step, response.status, location);
      if (request.timeout !== undefined) {
        step.timeout = left(deadline - clock.now());
      }
    }
  }

  /**
   * @param {WireRequest} request
   * @returns {WireRequest}
   */
  #withCookies(request) {
    if (has(request.headers, "cookie")) return request;
    const cookies = this.#jar.header(request.url, clock.now());
    if (cookies === undefined) return request;
    return { ...request, headers: [...request.headers, ["cookie", cookies]] };
  }
}

/**
 * The request that an answer redirects to (RFC 9110, section 15.4).
 *
 * @param {WireRequest} request
 * @param {number} status
 * @param {string} location
 * @returns {WireRequest}
 */
function redirected(request, status, location) {
  const url = resolve(request.url, location);
  // For 301 and 302 not what the RFC once asked for, but what all clients do.
  const toGet =
    status === 303
      ? request.method !== "HEAD"
      : status <= 302 && request.method === "POST";
  const secrets = sameOrigin(request.url, url)
    ? []
    : ["authorization", "cookie"];
  const dropped = toGet ? ["content-type", ...secrets] : secrets;
  return {
    ...request,
    url,
    headers: request.headers.filter(
      ([name]) => !dropped.includes(name.toLowerCase()),
    ),
    ...(toGet && { method: "GET", body: undefined }),
  };
}

/**
 * What is left of the limit that all steps share, in nanoseconds.
 *
 * @param {number} milliseconds
 */
function left(milliseconds) {
  if (milliseconds > 0) return nanos(milliseconds);
  throw new HttpError("timeout", "the time limit ran out between redirects", {
    phase: "send",
  });
}

/**
 * @param {[string, string][]} headers
 * @param {string} name
 */
function has(headers, name) {
  return headers.some(([other]) => other.toLowerCase() === name);
}

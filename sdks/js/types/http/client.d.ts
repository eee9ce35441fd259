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
    /** @param {ClientOptions} [options] */
    constructor({ base, headers, ...options }?: ClientOptions);
    /**
     * A request with any method. One with a `cookie` header of its own gets no other.
     *
     * @param {string} method
     * @param {string} url
     * @param {Options} [options]
     * @returns {Response}
     */
    request(method: string, url: string, options?: Options): Response;
    /**
     * A `GET` request.
     *
     * @param {string} url
     * @param {Options} [options]
     */
    get(url: string, options?: Options): import("./response.js").Response;
    /**
     * A `HEAD` request.
     *
     * @param {string} url
     * @param {Options} [options]
     */
    head(url: string, options?: Options): import("./response.js").Response;
    /**
     * A `POST` request.
     *
     * @param {string} url
     * @param {Options} [options]
     */
    post(url: string, options?: Options): import("./response.js").Response;
    /**
     * A `PUT` request.
     *
     * @param {string} url
     * @param {Options} [options]
     */
    put(url: string, options?: Options): import("./response.js").Response;
    /**
     * A `PATCH` request.
     *
     * @param {string} url
     * @param {Options} [options]
     */
    patch(url: string, options?: Options): import("./response.js").Response;
    /**
     * A `DELETE` request.
     *
     * @param {string} url
     * @param {Options} [options]
     */
    del(url: string, options?: Options): import("./response.js").Response;
    /**
     * The value of a cookie that the client keeps, the newest of that name.
     *
     * @param {string} name
     */
    cookie(name: string): string | undefined;
    /** Forgets all cookies. */
    clearCookies(): void;
    #private;
}
export type Options = import("./request.js").Options;
export type Response = import("./response.js").Response;
export type WireRequest = import("#host").WireRequest;
/**
 * What several requests have in common.
 */
export type ClientOptions = {
    /**
     * what the URLs of its requests are put behind, unless they are absolute: `/users` under
     * `http://host/api` is `http://host/api/users`
     */
    base?: string | undefined;
    /**
     * headers of every request, before its own
     */
    headers?: import("./encoding.js").Pairs | undefined;
    /**
     * the limit of every request that has none of its own, in milliseconds
     */
    timeout?: number | undefined;
    /**
     * how many redirects every request follows that does not say it itself
     */
    redirects?: number | undefined;
};

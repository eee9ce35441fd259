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
    /** @param {import("#host").WireResponse} response */
    constructor({ id, status, body, bodySize }: import("#host").WireResponse);
    /** 100 to 999. */
    status: number;
    /** The body, as far as the request asked for it. */
    bytes: Uint8Array<ArrayBufferLike>;
    /** The length of the whole body in bytes, after decoding. */
    bodySize: number;
    /** True for a status from 200 to 299. */
    get ok(): boolean;
    /**
     * This response, or for a status of 400 and above an {@link HttpError}: uncaught, the status becomes the failing tag
     * of the call.
     *
     * @returns {this}
     */
    throwForStatus(): this;
    /** The body as text. What is not UTF-8 in it becomes U+FFFD. */
    text(): string;
    /**
     * The body as JSON. Where it is none: an {@link HttpError} of the kind `json`.
     *
     * @returns {any}
     */
    json(): any;
    /**
     * The first header of that name, in any case.
     *
     * @param {string} name
     */
    header(name: string): string | undefined;
    /**
     * All values of that name, for headers that repeat, such as `set-cookie`.
     *
     * @param {string} name
     */
    headerAll(name: string): string[];
    /** Names and values in the order they were received. */
    headers(): [string, string][];
    /**
     * Where the time went.
     *
     * @returns {Timings}
     */
    timings(): Timings;
    /** True if the response came over a connection that had served before. */
    reused(): boolean;
    /** The version the answer came in: `HTTP/1.1`, `HTTP/2`. */
    version(): string;
    #private;
}
/**
 * Where the time of a request went, in milliseconds. The phases of a request that followed redirects are sums.
 */
export type Timings = {
    /**
     * waiting for a connection to become free
     */
    blocked: number;
    /**
     * looking up the name; 0 on a kept connection
     */
    dns: number;
    /**
     * opening the TCP connection; 0 on a kept one
     */
    connect: number;
    /**
     * the TLS handshake; 0 on a kept connection
     */
    tls: number;
    /**
     * writing the request
     */
    send: number;
    /**
     * from the last byte written to the first byte of the answer
     */
    wait: number;
    /**
     * from the first byte of the answer to its last
     */
    receive: number;
    /**
     * from asking to having, all phases and the host's own work
     */
    total: number;
};

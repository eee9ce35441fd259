/**
 * The request as the host takes it.
 *
 * @param {string} method
 * @param {string} url
 * @param {Options} options
 * @returns {import("#host").WireRequest}
 */
export function build(method: string, url: string, options: Options): import("#host").WireRequest;
/**
 * What a request may have beside its method and URL.
 */
export type Options = {
    /**
     * sent as given. `host`, `content-length`, `transfer-encoding` and
     * `connection` are gorgon's to set
     */
    headers?: import("./encoding.js").Pairs | undefined;
    /**
     * added to the query of the URL, percent-encoded
     */
    query?: import("./encoding.js").Pairs | undefined;
    /**
     * the body, as it is; a text as UTF-8
     */
    body?: string | Uint8Array<ArrayBufferLike> | undefined;
    /**
     * a value as a JSON body, with its content type unless there is one
     */
    json?: unknown;
    /**
     * fields as the body of a form, with its content type unless there is
     * one
     */
    form?: import("./encoding.js").Pairs | undefined;
    /**
     * sends `authorization: Bearer …`
     */
    bearer?: string | undefined;
    /**
     * sends `authorization: Basic …`
     */
    basic?: {
        user: string;
        password: string;
    } | undefined;
    /**
     * also reports this request as a measurement of this name
     */
    name?: string | undefined;
    /**
     * the limit for all of it, redirects and body included, in milliseconds. Without one, the
     * call's own timeout is the only limit
     */
    timeout?: number | undefined;
    /**
     * the limit for name, connection and TLS handshake together, in milliseconds
     */
    connectTimeout?: number | undefined;
    /**
     * the limit from the request sent to the first byte of the answer, in
     * milliseconds
     */
    firstByteTimeout?: number | undefined;
    /**
     * how many redirects to follow; without it a 3xx answer is the response
     */
    redirects?: number | undefined;
    /**
     * leaves the body of the response outside of the sandbox. It is received and counted
     * all the same
     */
    discardBody?: boolean | undefined;
    /**
     * keeps at most that many bytes of the beginning of the body
     */
    firstBytes?: number | undefined;
    /**
     * asks for a compressed answer and decodes it. Without it no `accept-encoding`
     * is sent
     */
    acceptCompressed?: boolean | undefined;
    /**
     * settings of the host that have no option here; an unknown one is
     * an `invalid-request`
     */
    extra?: Record<string, string | number> | undefined;
};

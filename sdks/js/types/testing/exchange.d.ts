/**
 * Does what gorgon does with a request, on the virtual clock.
 *
 * @param {WireRequest} request
 * @returns {WireAnswer}
 */
export function exchange(request: WireRequest): WireAnswer;
/** @typedef {import("#host").WireRequest} WireRequest */
/** @typedef {import("#host").Answer} WireAnswer */
/**
 * What the test answers: a status, or more about a response, or the error that comes instead of one.
 *
 * @typedef {object} Reply
 * @property {number} [status] 200 unless given
 * @property {Record<string, string> | [string, string][]} [headers]
 * @property {string | Uint8Array} [body]
 * @property {unknown} [json] a JSON body, with its content type
 * @property {import("#host").ErrorKind} [error] no response, but this error
 * @property {number} [after] how long it takes on the virtual clock, in milliseconds. Longer than the limit of the
 *   request, and it is a timeout
 */
/** @typedef {(request: SentRequest) => number | Reply} Responder */
/**
 * What the host keeps of a response.
 *
 * @typedef {{ headers: [string, string][], total: number }} Kept
 */
/** A request as the operation sent it. */
export class SentRequest {
    /**
     * @param {WireRequest} request
     * @param {string} url
     */
    constructor(request: WireRequest, url: string);
    method: string;
    /** The absolute URL, with its query. */
    url: string;
    /** Names and values in the order they are sent. */
    headers: [string, string][];
    /** The body; empty where there is none. */
    bytes: Uint8Array<ArrayBufferLike>;
    /** The name that it is measured under. */
    name: string | undefined;
    /** Its limit in milliseconds. */
    timeout: number | undefined;
    /**
     * The first header of that name, in any case.
     *
     * @param {string} name
     */
    header(name: string): string | undefined;
    /** The body as text. */
    text(): string;
    /**
     * The body as JSON.
     *
     * @returns {any}
     */
    json(): any;
}
export type WireRequest = import("#host").WireRequest;
export type WireAnswer = import("#host").Answer;
/**
 * What the test answers: a status, or more about a response, or the error that comes instead of one.
 */
export type Reply = {
    /**
     * 200 unless given
     */
    status?: number | undefined;
    headers?: [string, string][] | Record<string, string> | undefined;
    body?: string | Uint8Array<ArrayBufferLike> | undefined;
    /**
     * a JSON body, with its content type
     */
    json?: unknown;
    /**
     * no response, but this error
     */
    error?: import("#host").ErrorKind | undefined;
    /**
     * how long it takes on the virtual clock, in milliseconds. Longer than the limit of the
     * request, and it is a timeout
     */
    after?: number | undefined;
};
export type Responder = (request: SentRequest) => number | Reply;
/**
 * What the host keeps of a response.
 */
export type Kept = {
    headers: [string, string][];
    total: number;
};

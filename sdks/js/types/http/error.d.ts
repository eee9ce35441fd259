/**
 * The error that the host told.
 *
 * @param {import("#host").WireError} error
 */
export function fromHost({ tag, val }: import("#host").WireError): HttpError;
/**
 * Why there is no response, or none that the operation can use.
 *
 * Uncaught, it ends the call with a short failing tag, so that a thousand refused connections are one row: its kind,
 * or the number of the status.
 */
export class HttpError extends Fail {
    /**
     * @param {ErrorKind} kind
     * @param {string} detail
     * @param {{ phase?: Phase, status?: number, limit?: number, cause?: unknown }} [more]
     */
    constructor(kind: ErrorKind, detail: string, { phase, status, limit, cause }?: {
        phase?: Phase;
        status?: number;
        limit?: number;
        cause?: unknown;
    });
    /** What kind of error it is: `connect`, `denied`, `timeout`, … */
    kind: ErrorKind;
    /** What happened, for people. */
    detail: string;
    /** Where it happened, of a `timeout` and a `closed`. */
    phase: import("#host").Phase | undefined;
    /** The status that was refused, of a `status`. */
    status: number | undefined;
    /** The limit in bytes, of a `too-large`. */
    limit: number | undefined;
}
/**
 * why there is no response, or none that the
 *   operation can use: `status` is one that {@link Response.throwForStatus} refused, `json` a body that is none
 */
export type ErrorKind = import("#host").ErrorKind | "status" | "json";
/**
 * the part of a request in which something happened
 */
export type Phase = import("#host").Phase;
import { Fail } from "../fail.js";

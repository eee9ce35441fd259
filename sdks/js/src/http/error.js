import { Fail } from "../fail.js";

/**
 * @typedef {import("#host").ErrorKind | "status" | "json"} ErrorKind why there is no response, or none that the
 *   operation can use: `status` is one that {@link Response.throwForStatus} refused, `json` a body that is none
 * @typedef {import("#host").Phase} Phase the part of a request in which something happened
 */

/** Mistakes in the operation are worth a line in the log; the rest the host knows and shows by itself. */
const LOGGED = new Set(["invalid-request", "json"]);

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
  constructor(kind, detail, { phase, status, limit, cause } = {}) {
    super(
      status === undefined ? kind : String(status),
      LOGGED.has(kind) ? detail : undefined,
      cause === undefined ? undefined : { cause },
    );
    this.name = "HttpError";
    this.message = `${kind}: ${detail}`;
    /** What kind of error it is: `connect`, `denied`, `timeout`, … */
    this.kind = kind;
    /** What happened, for people. */
    this.detail = detail;
    /** Where it happened, of a `timeout` and a `closed`. */
    this.phase = phase;
    /** The status that was refused, of a `status`. */
    this.status = status;
    /** The limit in bytes, of a `too-large`. */
    this.limit = limit;
  }
}

/** @type {Record<Phase, string>} */
const PHASES = {
  blocked: "waiting for a connection",
  dns: "looking up the name",
  connect: "connecting",
  tls: "in the TLS handshake",
  send: "sending",
  wait: "waiting for the answer",
  receive: "receiving",
  other: "at an unknown point",
};

/**
 * The error that the host told.
 *
 * @param {import("#host").WireError} error
 */
export function fromHost({ tag, val }) {
  switch (tag) {
    case "timeout":
    case "closed": {
      const phase = /** @type {Phase} */ (val);
      const what =
        tag === "timeout"
          ? "the time limit ran out"
          : "the connection was closed";
      return new HttpError(tag, `${what} ${PHASES[phase] ?? phase}`, { phase });
    }
    case "too-large":
      return new HttpError(tag, `the response is larger than ${val} bytes`, {
        limit: Number(val),
      });
    case "stopped":
      return new HttpError(tag, "the run has ended");
    default:
      return new HttpError(tag, String(val));
  }
}

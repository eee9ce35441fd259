/**
 * Requests and answers in a test.
 */

import { resolve } from "../http/url.js";
import { bytes, state } from "./state.js";

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
  constructor(request, url) {
    this.method = request.method;
    /** The absolute URL, with its query. */
    this.url = url;
    /** Names and values in the order they are sent. */
    this.headers = request.headers;
    /** The body; empty where there is none. */
    this.bytes = request.body ?? new Uint8Array();
    /** The name that it is measured under. */
    this.name = request.name;
    /** Its limit in milliseconds. */
    this.timeout =
      request.timeout === undefined ? undefined : request.timeout / 1e6;
  }

  /**
   * The first header of that name, in any case.
   *
   * @param {string} name
   */
  header(name) {
    return find(this.headers, name);
  }

  /** The body as text. */
  text() {
    return new TextDecoder().decode(this.bytes);
  }

  /**
   * The body as JSON.
   *
   * @returns {any}
   */
  json() {
    return JSON.parse(this.text());
  }
}

/**
 * Does what gorgon does with a request, on the virtual clock.
 *
 * @param {WireRequest} request
 * @returns {WireAnswer}
 */
export function exchange(request) {
  const world = state();
  const started = world.now;
  const answer = follow(request, started);
  if (request.name !== undefined && answer.tag === "ok") {
    world.samples.push({ name: request.name, nanos: world.now - started });
  }
  return answer;
}

/**
 * @param {WireRequest} request
 * @param {number} started
 * @returns {WireAnswer}
 */
function follow(request, started) {
  const world = state();
  let { url, method, body } = request;
  for (let followed = 0; ; followed++) {
    const reply = ask(new SentRequest({ ...request, method, body }, url));
    world.now += Math.round((reply.after ?? 0) * 1e6);
    const deadline = started + (request.timeout ?? Infinity);
    if (world.now > deadline) {
      world.now = deadline;
      return { tag: "err", val: { tag: "timeout", val: "wait" } };
    }
    if (reply.error !== undefined) return failure(reply.error);
    const { status, headers } = reply;
    const location = find(headers, "location");
    const redirects = status >= 300 && status < 400 && status !== 304;
    if (!redirects || location === undefined || request.redirects === 0) {
      return { tag: "ok", val: keep(request, reply, started) };
    }
    if (followed === request.redirects) {
      return {
        tag: "err",
        val: { tag: "other", val: `more than ${followed} redirects` },
      };
    }
    url = resolve(url, location);
    if (status === 303 || (method === "POST" && status < 303)) {
      [method, body] = ["GET", undefined];
    }
  }
}

/**
 * The answer of the test, in full.
 *
 * @param {SentRequest} request
 */
function ask(request) {
  const world = state();
  world.requests.push(request);
  /** @type {number | Reply} */
  const reply = world.respond?.(request) ?? { error: "connect" };
  /** @type {Reply} */
  const {
    status = 200,
    headers = [],
    body,
    json,
    error,
    after,
  } = typeof reply === "number" ? { status: reply } : reply;
  /** @type {[string, string][]} */
  const list = Array.isArray(headers) ? [...headers] : Object.entries(headers);
  if (json !== undefined) list.push(["content-type", "application/json"]);
  const text = json === undefined ? body : JSON.stringify(json);
  return {
    status,
    headers: list,
    bytes: bytes(text) ?? new Uint8Array(),
    error,
    after,
  };
}

/**
 * @param {WireRequest} request
 * @param {ReturnType<typeof ask>} reply
 * @param {number} started
 */
function keep({ bodyMode }, { status, headers, bytes }, started) {
  const world = state();
  const id = world.responses.push({ headers, total: world.now - started }) - 1;
  const wanted =
    bodyMode.tag === "full"
      ? bytes.length
      : bodyMode.tag === "first"
        ? bodyMode.val
        : 0;
  return {
    id,
    status,
    body: bytes.subarray(0, wanted),
    bodySize: bytes.length,
  };
}

/**
 * @param {import("#host").ErrorKind} kind
 * @returns {WireAnswer}
 */
function failure(kind) {
  const val =
    kind === "timeout" || kind === "closed"
      ? "wait"
      : kind === "too-large"
        ? 16 * 2 ** 20
        : "the test said so";
  return { tag: "err", val: { tag: kind, val } };
}

/**
 * @param {[string, string][]} headers
 * @param {string} name
 */
function find(headers, name) {
  const wanted = name.toLowerCase();
  return headers.find(([other]) => other.toLowerCase() === wanted)?.[1];
}

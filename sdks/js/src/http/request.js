import { nanos } from "../nanos.js";
import { encode } from "../text.js";
import { addQuery, basic, form, toList } from "./encoding.js";
import { HttpError } from "./error.js";

/**
 * What a request may have beside its method and URL.
 *
 * @typedef {object} Options
 * @property {import("./encoding.js").Pairs} [headers] sent as given. `host`, `content-length`, `transfer-encoding` and
 *   `connection` are gorgon's to set
 * @property {import("./encoding.js").Pairs} [query] added to the query of the URL, percent-encoded
 * @property {string | Uint8Array} [body] the body, as it is; a text as UTF-8
 * @property {unknown} [json] a value as a JSON body, with its content type unless there is one
 * @property {import("./encoding.js").Pairs} [form] fields as the body of a form, with its content type unless there is
 *   one
 * @property {string} [bearer] sends `authorization: Bearer …`
 * @property {{ user: string, password: string }} [basic] sends `authorization: Basic …`
 * @property {string} [name] also reports this request as a measurement of this name
 * @property {number} [timeout] the limit for all of it, redirects and body included, in milliseconds. Without one, the
 *   call's own timeout is the only limit
 * @property {number} [connectTimeout] the limit for name, connection and TLS handshake together, in milliseconds
 * @property {number} [firstByteTimeout] the limit from the request sent to the first byte of the answer, in
 *   milliseconds
 * @property {number} [redirects] how many redirects to follow; without it a 3xx answer is the response
 * @property {boolean} [discardBody] leaves the body of the response outside of the sandbox. It is received and counted
 *   all the same
 * @property {number} [firstBytes] keeps at most that many bytes of the beginning of the body
 * @property {boolean} [acceptCompressed] asks for a compressed answer and decodes it. Without it no `accept-encoding`
 *   is sent
 * @property {Record<string, string | number>} [extra] settings of the host that have no option here; an unknown one is
 *   an `invalid-request`
 */

const KNOWN = new Set([
  "headers",
  "query",
  "body",
  "json",
  "form",
  "bearer",
  "basic",
  "name",
  "timeout",
  "connectTimeout",
  "firstByteTimeout",
  "redirects",
  "discardBody",
  "firstBytes",
  "acceptCompressed",
  "extra",
]);

/**
 * The request as the host takes it.
 *
 * @param {string} method
 * @param {string} url
 * @param {Options} options
 * @returns {import("#host").WireRequest}
 */
export function build(method, url, options) {
  const unknown = Object.keys(options).find((option) => !KNOWN.has(option));
  if (unknown !== undefined) {
    throw new TypeError(
      `a request has no option \`${unknown}\`: there are ${[...KNOWN].join(", ")}`,
    );
  }
  const headers = toList(options.headers ?? []);
  const { bearer, redirects = 0, timeout, name } = options;
  if (bearer !== undefined) headers.push(["authorization", `Bearer ${bearer}`]);
  if (options.basic !== undefined) {
    const { user, password } = options.basic;
    headers.push(["authorization", basic(user, password)]);
  }
  return {
    method,
    url: options.query ? addQuery(url, options.query) : url,
    headers,
    body: body(options, headers),
    bodyMode: bodyMode(options),
    decode: options.acceptCompressed ?? false,
    redirects,
    timeout: timeout === undefined ? undefined : nanos(timeout),
    name,
    extra: extra(options),
  };
}

/**
 * @param {Options} options
 * @param {[string, string][]} headers a content type is added here
 * @returns {Uint8Array | undefined}
 */
function body(options, headers) {
  const given = ["body", "json", "form"].filter(
    (name) => options[/** @type {keyof Options} */ (name)] !== undefined,
  );
  if (given.length > 1) {
    throw new TypeError(
      `a request has one body: \`${given.join("` or `")}\`, not both`,
    );
  }
  if (options.json !== undefined) {
    contentType(headers, "application/json");
    return encode(toJson(options.json));
  }
  if (options.form !== undefined) {
    contentType(headers, "application/x-www-form-urlencoded");
    return encode(form(options.form));
  }
  return typeof options.body === "string" ? encode(options.body) : options.body;
}

/** @param {unknown} value */
function toJson(value) {
  let text;
  let cause;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    cause = error;
  }
  if (text !== undefined) return text;
  const why =
    cause instanceof Error ? cause.message : `it is a ${typeof value}`;
  throw new HttpError("invalid-request", `the body cannot be JSON: ${why}`, {
    cause,
  });
}

/**
 * @param {[string, string][]} headers
 * @param {string} type
 */
function contentType(headers, type) {
  if (!headers.some(([name]) => name.toLowerCase() === "content-type")) {
    headers.push(["content-type", type]);
  }
}

/**
 * @param {Options} options
 * @returns {import("#host").BodyMode}
 */
function bodyMode({ discardBody, firstBytes }) {
  if (discardBody) return { tag: "discard" };
  if (firstBytes !== undefined) return { tag: "first", val: firstBytes };
  return { tag: "full" };
}

/**
 * @param {Options} options
 * @returns {[string, string][]}
 */
function extra({ connectTimeout, firstByteTimeout, extra = {} }) {
  const list = toList(extra);
  if (connectTimeout !== undefined) {
    list.push(["connect-timeout", String(nanos(connectTimeout))]);
  }
  if (firstByteTimeout !== undefined) {
    list.push(["first-byte-timeout", String(nanos(firstByteTimeout))]);
  }
  return list;
}

/**
 * From a request to its response.
 */

import { http as host } from "#host";
import { fromHost } from "./error.js";
import { Response } from "./response.js";

/**
 * Sends a request. Where there is no response, the error is thrown.
 *
 * @param {import("#host").WireRequest} request
 */
export function send(request) {
  return unwrap(host.send(request));
}

/** @param {import("#host").Answer} answer */
export function unwrap(answer) {
  if (answer.tag === "err") throw fromHost(answer.val);
  return new Response(answer.val);
}

/**
 * Sends a request. Where there is no response, the error is thrown.
 *
 * @param {import("#host").WireRequest} request
 */
export function send(request: import("#host").WireRequest): Response;
/** @param {import("#host").Answer} answer */
export function unwrap(answer: import("#host").Answer): Response;
import { Response } from "./response.js";

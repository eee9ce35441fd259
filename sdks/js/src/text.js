/**
 * Texts as bytes: by the engine where it can, else by our own means.
 */

import * as utf8 from "./utf8.js";

/** Those of the engine; what `globals.js` puts in their place later is made of this file. */
const { TextDecoder, TextEncoder } = globalThis;
const decoder = TextDecoder && new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = TextEncoder && new TextEncoder();

/**
 * A surrogate without its other half becomes U+FFFD.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export function encode(text) {
  return encoder ? encoder.encode(text) : utf8.encode(text);
}

/**
 * What is not UTF-8 becomes U+FFFD.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decode(bytes) {
  return decoder ? decoder.decode(bytes) : utf8.decode(bytes);
}

/**
 * UTF-8 for an engine that has no `TextEncoder` and `TextDecoder`.
 *
 * Engines for components run JavaScript without a JIT, and a loop over the bytes of a body takes 0.2 µs for each: the
 * work is left to built-in functions wherever there are some.
 */

import { fromBinary, toBinary } from "./binary.js";

const REPLACEMENT = "\ufffd";

/**
 * Encodes a text. A surrogate without its other half becomes U+FFFD.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export function encode(text) {
  return fromBinary(
    isAscii(text) ? text : unescape(encodeURIComponent(text.toWellFormed())),
  );
}

/**
 * Decodes a text. What is not UTF-8 in it becomes U+FFFD, as the encoding standard of the web says.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decode(bytes) {
  const binary = toBinary(bytes);
  if (isAscii(binary)) return binary;
  try {
    return decodeURIComponent(escape(binary));
  } catch {
    return decodeLeniently(bytes);
  }
}

/**
 * Decodes a text, or throws a `TypeError` where it is not UTF-8.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decodeStrictly(bytes) {
  const binary = toBinary(bytes);
  if (isAscii(binary)) return binary;
  try {
    return decodeURIComponent(escape(binary));
  } catch {
    throw new TypeError("the bytes are not valid UTF-8");
  }
}

/** @param {string} text */
function isAscii(text) {
  return !/[^\0-\x7f]/.test(text);
}

/**
 * Byte by byte, with one U+FFFD for each maximal part of a character that is cut short (WHATWG, "UTF-8 decoder").
 *
 * @param {Uint8Array} bytes
 */
function decodeLeniently(bytes) {
  let text = "";
  let code = 0;
  let missing = 0;
  let lowest = 0x80;
  let highest = 0xbf;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (missing > 0) {
      if (byte < lowest || byte > highest) {
        text += REPLACEMENT;
        missing = 0;
        [lowest, highest] = [0x80, 0xbf];
        index--; // The byte may begin a character of its own.
        continue;
      }
      [lowest, highest] = [0x80, 0xbf];
      code = (code << 6) | (byte & 0x3f);
      missing--;
      if (missing === 0) text += String.fromCodePoint(code);
    } else if (byte < 0x80) {
      text += String.fromCharCode(byte);
    } else if (byte >= 0xc2 && byte <= 0xdf) {
      [missing, code] = [1, byte & 0x1f];
    } else if (byte >= 0xe0 && byte <= 0xef) {
      [missing, code] = [2, byte & 0xf];
      if (byte === 0xe0) lowest = 0xa0;
      if (byte === 0xed) highest = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      [missing, code] = [3, byte & 0x7];
      if (byte === 0xf0) lowest = 0x90;
      if (byte === 0xf4) highest = 0x8f;
    } else {
      text += REPLACEMENT;
    }
  }
  return missing > 0 ? text + REPLACEMENT : text;
}

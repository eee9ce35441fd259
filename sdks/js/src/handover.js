/**
 * What `setup` hands to the other hooks.
 */

import { decode, encode } from "./text.js";

/** What `setup` returned. */
export class Shared {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    /** As it is. */
    this.bytes = bytes;
  }

  /** As text. */
  text() {
    return decode(this.bytes);
  }

  /**
   * The value that `setup` returned, where it returned one that is neither bytes nor text.
   *
   * @returns {any}
   */
  json() {
    return JSON.parse(this.text());
  }
}

/**
 * What `setup` returned, as bytes.
 *
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function toBytes(value) {
  if (value === undefined) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return encode(value);
  const text = JSON.stringify(value);
  if (text === undefined) {
    throw new TypeError(
      `\`setup\` returned a ${typeof value}: return bytes, text, or a value that JSON has a form for`,
    );
  }
  return encode(text);
}

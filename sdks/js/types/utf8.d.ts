/**
 * Encodes a text. A surrogate without its other half becomes U+FFFD.
 *
 * @param {string} text
 * @returns {Uint8Array}
 */
export function encode(text: string): Uint8Array;
/**
 * Decodes a text. What is not UTF-8 in it becomes U+FFFD, as the encoding standard of the web says.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decode(bytes: Uint8Array): string;
/**
 * Decodes a text, or throws a `TypeError` where it is not UTF-8.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decodeStrictly(bytes: Uint8Array): string;

/**
 * @param {string} text of characters up to U+00FF
 * @returns {Uint8Array}
 */
export function fromBinary(text: string): Uint8Array;
/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function toBinary(bytes: Uint8Array): string;
/**
 * What some engines have already, QuickJS among them: two built-in functions over base64 are a hundred times as fast as
 * a loop.
 */
export type FromBase64 = {
    fromBase64?: (text: string) => Uint8Array;
};
/**
 * What some engines have already, QuickJS among them: two built-in functions over base64 are a hundred times as fast as
 * a loop.
 */
export type ToBase64 = {
    toBase64?: () => string;
};

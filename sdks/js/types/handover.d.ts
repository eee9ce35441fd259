/**
 * What `setup` returned, as bytes.
 *
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function toBytes(value: unknown): Uint8Array;
/** What `setup` returned. */
export class Shared {
    /** @param {Uint8Array} bytes */
    constructor(bytes: Uint8Array);
    /** As it is. */
    bytes: Uint8Array<ArrayBufferLike>;
    /** As text. */
    text(): string;
    /**
     * The value that `setup` returned, where it returned one that is neither bytes nor text.
     *
     * @returns {any}
     */
    json(): any;
}

/**
 * What every JavaScript program takes for granted and a bare engine lacks, and the one thing that a snapshot of an
 * engine must not keep: the state of `Math.random`, which would be the same in every worker.
 *
 * The build puts this file before everything else, so that a library may use it while it is loaded.
 */

import { float } from "../random.js";
import { decode, decodeStrictly, encode } from "../utf8.js";
import * as log from "../log.js";

Math.random = float;

const engine = /** @type {Record<string, unknown>} */ (
  /** @type {unknown} */ (globalThis)
);

engine.console ??= {
  debug: log.debug,
  trace: log.debug,
  log: log.info,
  info: log.info,
  dir: log.info,
  warn: log.warn,
  error: log.error,
};

engine.TextEncoder ??= class TextEncoder {
  encoding = "utf-8";

  encode(text = "") {
    return encode(String(text));
  }
};

engine.TextDecoder ??= class TextDecoder {
  encoding = "utf-8";

  /**
   * @param {string} label
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} options
   */
  constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
    if (!/^utf-?8$/i.test(label)) {
      throw new RangeError(
        `there is no decoder for ${label} in a component: only for utf-8`,
      );
    }
    this.fatal = fatal;
    this.ignoreBOM = ignoreBOM;
  }

  /** @param {ArrayBuffer | ArrayBufferView} input */
  decode(input = new Uint8Array()) {
    const bytes = ArrayBuffer.isView(input)
      ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength)
      : new Uint8Array(input);
    const text = this.fatal ? decodeStrictly(bytes) : decode(bytes);
    return !this.ignoreBOM && text.startsWith("\ufeff") ? text.slice(1) : text;
  }
};

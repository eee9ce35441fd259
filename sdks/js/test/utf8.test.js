import assert from "node:assert/strict";
import { test } from "node:test";

import { fromBinary, toBinary } from "../src/binary.js";
import { decode, decodeStrictly, encode } from "../src/utf8.js";

const TEXTS = [
  "",
  "plain",
  "größe→☃ 日本 🦀",
  "\u0000\u007f\u0080\u07ff\u0800",
];

/** Bytes that are no UTF-8, and some that are at its edges. */
const BYTES = [
  [0x80],
  [0xc0, 0x80],
  [0xc2],
  [0xc2, 0x41],
  [0xe0, 0x80, 0x80],
  [0xe2, 0x82],
  [0xe2, 0x82, 0x41],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbf, 0xbf],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf0, 0x9f, 0xa6],
  [0xf4, 0x8f, 0xbf, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x41, 0xff],
  [0xf0, 0x9f, 0xa6, 0x80, 0xff, 0x68],
];

test("texts are encoded and decoded as the platform does it", () => {
  for (const text of TEXTS) {
    assert.deepEqual(encode(text), new TextEncoder().encode(text), text);
    assert.equal(decode(encode(text)), text);
    assert.equal(decodeStrictly(encode(text)), text);
  }
});

test("a surrogate without its other half becomes U+FFFD", () => {
  assert.deepEqual(encode("a\ud800b"), new TextEncoder().encode("a\ufffdb"));
  assert.deepEqual(encode("\udc00"), new TextEncoder().encode("\ufffd"));
});

test("what is not UTF-8 is decoded as the platform does it", () => {
  const platform = new TextDecoder("utf-8", { ignoreBOM: true });
  for (const list of BYTES) {
    const bytes = new Uint8Array(list);
    assert.equal(decode(bytes), platform.decode(bytes), list.join(" "));
  }
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second += 5) {
      const bytes = new Uint8Array([first, second, 0xbf, 0x41]);
      assert.equal(decode(bytes), platform.decode(bytes));
    }
  }
});

test("strict decoding refuses it", () => {
  assert.throws(() => decodeStrictly(new Uint8Array([0xff])), TypeError);
});

test("long texts are decoded in parts, without a seam", () => {
  const text = "a🦀".repeat(20_000);
  assert.equal(decode(encode(text)), text);
});

test("the short way over base64 gives the same, where an engine has it", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const slow = toBinary(all);
  Uint8Array.fromBase64 = (text) => new Uint8Array(Buffer.from(text, "base64"));
  Uint8Array.prototype.toBase64 = function () {
    return Buffer.from(this).toString("base64");
  };
  try {
    assert.equal(toBinary(all), slow);
    assert.deepEqual(fromBinary(slow), all);
  } finally {
    delete Uint8Array.fromBase64;
    delete Uint8Array.prototype.toBase64;
  }
  assert.deepEqual(fromBinary(slow), all);
});

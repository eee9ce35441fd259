import assert from "node:assert/strict";
import { test } from "node:test";

import { parse } from "../src/value.js";

function check(kind, values) {
  for (const [text, expected] of Object.entries(values)) {
    assert.equal(parse(kind, "p", text), expected, text);
  }
}

test("durations are numbers with units, in milliseconds", () => {
  check("duration", {
    "500us": 0.5,
    "500µs": 0.5,
    "50ms": 50,
    "2s": 2000,
    "0s": 0,
    "1.5s": 1500,
    "1m30s": 90_000,
    "1h30m": 5_400_000,
    " 1_000ms ": 1000,
  });
});

test("sizes and counts may have a unit", () => {
  check("size", {
    0: 0,
    512: 512,
    "512B": 512,
    "1MiB": 2 ** 20,
    "1 MiB": 2 ** 20,
    "1.5KiB": 1536,
    "10MB": 1e7,
  });
  check("count", { 4000: 4000, "4_000": 4000, "4k": 4000, "2.5k": 2500 });
});

test("what is no value is refused with the way to write one", () => {
  const wrong = {
    duration: ["", "30", "s", "1 s", "-1s", "1x", "1s1s", "1s1m", "1.s", ".5s"],
    size: ["", "MiB", "1.5B", "1mib", "-1", "99999999999GiB"],
    count: ["", "four", "-1", "1.5", "_", "9007199254740993000"],
  };
  for (const [kind, texts] of Object.entries(wrong)) {
    for (const text of texts) {
      assert.throws(
        () => parse(kind, "p", text),
        ({ tag, because }) =>
          tag === "bad-parameter:p" &&
          because.includes(`\`${text}\` is not a ${kind}: write`),
        `${kind} ${text}`,
      );
    }
  }
});

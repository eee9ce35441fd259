import assert from "node:assert/strict";
import { test } from "node:test";

import { bits, setState } from "../src/random.js";
import { within } from "../src/testing/index.js";

function draws(seed, number) {
  return within(() => Array.from({ length: 8 }, Math.random), { seed, number })
    .value;
}

test("the seed and the number decide, and nothing else", () => {
  assert.deepEqual(draws(1, 17), draws(1, 17));
  assert.notDeepEqual(draws(1, 17), draws(1, 18));
  assert.notDeepEqual(draws(1, 17), draws(2, 17));
});

test("the generator is xoshiro128**", () => {
  // The first values of the reference implementation from the state 1, 2, 3, 4.
  setState(1, 2, 3, 4);
  const drawn = Array.from({ length: 5 }, () => bits() >>> 0);
  assert.deepEqual(drawn, [11520, 0, 5927040, 70819200, 2031721883]);
});

test("every value of a small range comes up about as often", () => {
  within(() => {
    const counts = new Array(6).fill(0);
    for (let draw = 0; draw < 60_000; draw++) {
      counts[Math.floor(Math.random() * 6)]++;
    }
    for (const count of counts) {
      assert.ok(count > 9_500 && count < 10_500, counts.join(" "));
    }
  });
});

test("the first values of neighbouring numbers are spread", () => {
  const firsts = Array.from({ length: 1000 }, (_, n) => draws(1, n)[0]);
  const mean = firsts.reduce((sum, value) => sum + value) / firsts.length;
  assert.ok(Math.abs(mean - 0.5) < 0.05, `${mean}`);
  assert.equal(new Set(firsts).size, firsts.length);
});

test("outside of a call, `Math.random` is the engine's", () => {
  const before = Math.random;
  draws(1, 1);
  assert.equal(Math.random, before);
});

/**
 * The generator behind `Math.random`: the same values in every run with the same seed, whichever worker makes a call.
 *
 * It is xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), which needs no
 * more than the 32-bit arithmetic that an engine without a JIT is good at. It is started once per call, from the
 * host's stream for this call, when the call first draws. It is no use for secrets.
 */

import { context as host } from "#host";

/** The engine's own, for code that runs while the component is built: there is no host then. */
const native = Math.random;

/** Whether a call has begun: since then the host is there to ask for a seed. */
let called = false;
let seeded = false;

let a = 0;
let b = 0;
let c = 0;
let d = 0;

/** A call begins: the next draw starts the generator anew. */
export function restart() {
  called = true;
  seeded = false;
}

/**
 * A number from 0 up to, but not including, 1: each multiple of 2⁻⁵³ with the same probability.
 *
 * @returns {number}
 */
export function float() {
  if (!called) return native();
  if (!seeded) {
    const seed = host.random();
    start(Math.floor(seed / 2 ** 32), seed >>> 0);
    seeded = true;
  }
  const high = bits() >>> 5;
  const low = bits() >>> 6;
  return (high * 2 ** 26 + low) * 2 ** -53;
}

/**
 * The state from a seed of two halves, spread by the finalizer of MurmurHash3 so that near seeds give far states.
 *
 * @param {number} high
 * @param {number} low
 */
export function start(high, low) {
  let state = low;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ high;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
  setState(next(), next(), next(), next() | 1); // All zeros would stay so.
}

/**
 * @param {number} first
 * @param {number} second
 * @param {number} third
 * @param {number} fourth
 */
export function setState(first, second, third, fourth) {
  [a, b, c, d] = [first, second, third, fourth];
}

/** 32 bits, as a signed integer. */
export function bits() {
  const result = Math.imul(rotate(Math.imul(b, 5), 7), 9);
  const shifted = b << 9;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = rotate(d, 11);
  return result;
}

/**
 * @param {number} word
 * @param {number} by
 */
function rotate(word, by) {
  return (word << by) | (word >>> (32 - by));
}

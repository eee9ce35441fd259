/** A call begins: the next draw starts the generator anew. */
export function restart(): void;
/**
 * A number from 0 up to, but not including, 1: each multiple of 2⁻⁵³ with the same probability.
 *
 * @returns {number}
 */
export function float(): number;
/**
 * The state from a seed of two halves, spread by the finalizer of MurmurHash3 so that near seeds give far states.
 *
 * @param {number} high
 * @param {number} low
 */
export function start(high: number, low: number): void;
/**
 * @param {number} first
 * @param {number} second
 * @param {number} third
 * @param {number} fourth
 */
export function setState(first: number, second: number, third: number, fourth: number): void;
/** 32 bits, as a signed integer. */
export function bits(): number;

/**
 * Times a part of the call: one sample of the measurement `name`, whether the part returns or throws. Spans may nest
 * and repeat. The span of an asynchronous part ends with its promise.
 *
 * ```js
 * const found = measure.span("search", () => search(words));
 * ```
 *
 * @template T
 * @param {string} name
 * @param {() => T} part
 * @returns {T}
 */
export function span<T>(name: string, part: () => T): T;
/**
 * Starts a span that may overlap others, and returns what ends it. A span that is never ended gives no sample.
 *
 * @param {string} name
 * @returns {() => void}
 */
export function begin(name: string): () => void;
/**
 * Adds a sample that was timed otherwise.
 *
 * @param {string} name
 * @param {number} milliseconds
 */
export function record(name: string, milliseconds: number): void;
/**
 * Adds to a counter of the run.
 *
 * @param {string} name
 * @param {number} [delta] a whole number from 0 on
 */
export function count(name: string, delta?: number): void;
/**
 * Counts a named check as passed or failed, and says which. It neither ends the call nor changes its tag.
 *
 * @param {string} name
 * @param {unknown} passed
 */
export function check(name: string, passed: unknown): boolean;

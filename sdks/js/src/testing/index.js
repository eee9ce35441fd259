/**
 * Runs an operation under plain Node: without gorgon, without WebAssembly, without a network.
 *
 * ```js
 * import assert from "node:assert/strict";
 * import { test } from "node:test";
 * import { call } from "gorgon-sdk/testing";
 * import { run } from "./op.js";
 *
 * test("the second request goes where the first answer says", () => {
 *   const made = call(run, {
 *     number: 17,
 *     parameters: { url: "http://shop" },
 *     respond: ({ url }) => (url === "http://shop/" ? { json: { next: "/cart" } } : 204),
 *   });
 *   assert.equal(made.tag, "204");
 *   assert.equal(made.requests.length, 2);
 * });
 * ```
 *
 * Requests go to `respond`; the clock is virtual, and moves only when the operation sleeps or an answer takes time.
 */

import { Fail } from "../fail.js";
import * as log from "../log.js";
import { outcome } from "../outcome.js";
import { float, restart } from "../random.js";
import { enter, State } from "./state.js";

export { SentRequest } from "./exchange.js";
export { Shared } from "../handover.js";

/**
 * What the operation is to see. Everything may be left out.
 *
 * @typedef {object} World
 * @property {number} [number] the number of the call; 0
 * @property {number} [worker] the worker that makes it; 0
 * @property {number} [workers] how many there are; 1
 * @property {Record<string, string | number | boolean>} [parameters] what `--set` gave
 * @property {string | Uint8Array} [item] a line of `--items`
 * @property {Record<string, string | Uint8Array>} [row] a row of `--data`: cells by column
 * @property {number} [seed] the seed of the run; 0
 * @property {boolean} [stopping] whether the run is ending
 * @property {import("./exchange.js").Responder} [respond] answers the requests. Without it, every connection is refused
 */

/** @typedef {import("./exchange.js").Reply} Reply */
/** @typedef {import("./exchange.js").Responder} Responder */
/** @typedef {import("./state.js").LogLine} LogLine */

/** What was recorded. */
export class Recorded {
  #state;

  /** @param {State} state */
  constructor(state) {
    this.#state = state;
    /** The requests that were sent, those of redirects too. */
    this.requests = state.requests;
    /** The lines that were logged. */
    this.log = state.log;
    /** How long it took on the virtual clock, in milliseconds. */
    this.elapsed = state.now / 1e6;
  }

  /**
   * The samples of a measurement in milliseconds, in the order they ended: of spans, of `measure.record`, of named
   * requests.
   *
   * @param {string} name
   */
  measurements(name) {
    return this.#state.samples
      .filter((sample) => sample.name === name)
      .map(({ nanos }) => nanos / 1e6);
  }

  /**
   * What was added to a counter.
   *
   * @param {string} name
   */
  counter(name) {
    return this.#state.counters.get(name) ?? 0;
  }

  /**
   * How often a check passed, and how often it failed.
   *
   * @param {string} name
   */
  checks(name) {
    const all = this.#state.checks.filter((check) => check.name === name);
    const passed = all.filter((check) => check.passed).length;
    return { passed, failed: all.length - passed };
  }
}

/** What became of a call. */
export class Call extends Recorded {
  /**
   * @param {State} state
   * @param {import("../outcome.js").Outcome} outcome
   */
  constructor(state, { tag, ok }) {
    super(state);
    /** The tag that the call ended with. */
    this.tag = tag;
    /** Whether it ended as the operation meant it. */
    this.ok = ok;
  }
}

/**
 * Makes a call. What would be a fault under gorgon, any exception but a `Fail`, is thrown.
 *
 * @param {import("../operation.js").Run} run
 * @param {World} [world]
 */
export function call(run, world = {}) {
  const state = new State(world);
  const result = inside(state, () => {
    try {
      return outcome(run(state.number));
    } catch (error) {
      if (!(error instanceof Fail)) throw error;
      if (error.because !== undefined) log.error(error.because);
      return { tag: error.tag, ok: false };
    }
  });
  return new Call(state, result);
}

/**
 * Runs anything that is not an operation: a helper, or a hook of the lifecycle. Its exceptions are thrown, a `Fail`
 * too.
 *
 * @template T
 * @param {() => T} part
 * @param {World} [world]
 * @returns {{ value: T, recorded: Recorded }}
 */
export function within(part, world = {}) {
  const state = new State(world);
  const value = inside(state, part);
  return { value, recorded: new Recorded(state) };
}

/**
 * As a component begins a call: with a generator of its own behind `Math.random`.
 *
 * @template T
 * @param {State} state
 * @param {() => T} part
 * @returns {T}
 */
function inside(state, part) {
  const { random } = Math;
  restart();
  Math.random = float;
  try {
    return enter(state, part);
  } finally {
    Math.random = random;
    restart();
  }
}

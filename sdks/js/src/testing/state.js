/**
 * The world of the test that runs: what it is told, and what was recorded.
 */

/**
 * A line of the log.
 *
 * @typedef {{ level: import("#host").Level, text: string }} LogLine
 */

export class State {
  /** @param {import("./index.js").World} world */
  constructor(world) {
    this.number = world.number ?? 0;
    this.worker = world.worker ?? 0;
    this.workers = world.workers ?? 1;
    this.seed = world.seed ?? 0;
    this.stopping = world.stopping ?? false;
    /** @type {[string, string][]} */
    this.parameters = Object.entries(world.parameters ?? {}).map(
      ([name, value]) => [name, String(value)],
    );
    this.item = bytes(world.item);
    /** @type {[string, Uint8Array][]} */
    this.row = Object.entries(world.row ?? {}).map(([column, cell]) => [
      column,
      /** @type {Uint8Array} */ (bytes(cell)),
    ]);
    this.respond = world.respond;

    /** Nanoseconds on the virtual clock. */
    this.now = 0;
    /** How many random values the call has drawn. */
    this.drawn = 0;
    /** @type {import("./exchange.js").SentRequest[]} */
    this.requests = [];
    /** What is kept of each response, to be asked for by its place in this list.
     *  @type {import("./exchange.js").Kept[]} */
    this.responses = [];
    /** @type {LogLine[]} */
    this.log = [];
    /** Each span until it ends. A handle is a place in this list.
     *  @type {({ name: string, started: number } | undefined)[]} */
    this.spans = [];
    /** @type {{ name: string, nanos: number }[]} */
    this.samples = [];
    /** @type {Map<string, number>} */
    this.counters = new Map();
    /** @type {{ name: string, passed: boolean }[]} */
    this.checks = [];
  }
}

/** @type {State | undefined} */
let current;

/**
 * The world of the test that runs.
 *
 * @returns {State}
 */
export function state() {
  if (!current) {
    throw new Error(
      "there is no host outside of a component: in a test, use `call` or `within` of `gorgon-sdk/testing`",
    );
  }
  return current;
}

/**
 * Runs something in a world.
 *
 * @template T
 * @param {State} world
 * @param {() => T} part
 * @returns {T}
 */
export function enter(world, part) {
  const outer = current;
  current = world;
  try {
    return part();
  } finally {
    current = outer;
  }
}

/**
 * @param {string | Uint8Array | undefined} value
 * @returns {Uint8Array | undefined}
 */
export function bytes(value) {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}

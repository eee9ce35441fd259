/**
 * The host of a test: the interfaces of `wit/load.wit`, played.
 */

import { exchange } from "./exchange.js";
import { state } from "./state.js";

/** @typedef {import("#host").Host} Host */

/** @type {Host["clock"]} */
export const clock = {
  now: () => state().now,
  sleep(nanos) {
    state().now += nanos;
  },
};

/** @type {Host["context"]} */
export const context = {
  number: () => state().number,
  worker: () => state().worker,
  workers: () => state().workers,
  due: () => 0,
  runId: () => "test",
  random: draw,
  parameter: (name) =>
    state().parameters.find(([other]) => other === name)?.[1],
  parameters: () => state().parameters,
  item: () => state().item,
  cell: (column) => state().row.find(([other]) => other === column)?.[1],
  row: () => state().row,
  stopping: () => state().stopping,
  log(level, text) {
    state().log.push({ level, text });
  },
};

/** @type {Host["measure"]} */
export const measure = {
  begin(name) {
    const { spans, now } = state();
    return spans.push({ name, started: now }) - 1;
  },
  end(handle) {
    const { spans, samples, now } = state();
    const span = spans[handle];
    if (!span) return;
    spans[handle] = undefined;
    samples.push({ name: span.name, nanos: now - span.started });
  },
  record(name, nanos) {
    state().samples.push({ name, nanos });
  },
  count(name, delta) {
    const { counters } = state();
    counters.set(name, (counters.get(name) ?? 0) + delta);
  },
  check(name, passed) {
    state().checks.push({ name, passed });
  },
};

/** @type {Host["http"]} */
export const http = {
  get: (url) =>
    exchange({
      method: "GET",
      url,
      headers: [],
      body: undefined,
      bodyMode: { tag: "full" },
      decode: false,
      redirects: 0,
      timeout: undefined,
      name: undefined,
      extra: [],
    }),
  send: exchange,
  /** In the time that the longest takes, as if all were under way at once. */
  sendAll(requests) {
    const started = state().now;
    let last = started;
    const answers = requests.map((request) => {
      state().now = started;
      const answer = exchange(request);
      last = Math.max(last, state().now);
      return answer;
    });
    state().now = last;
    return answers;
  },
  header: (response, name) => values(response, name)[0],
  headerAll: values,
  headersOf: (response) => kept(response).headers,
  timingsOf(response) {
    const { total } = kept(response);
    return {
      blocked: 0,
      dns: 0,
      connect: 0,
      tls: 0,
      send: 0,
      wait: total,
      receive: 0,
      total,
    };
  },
  reused: (response) => response > 0,
  version: () => "HTTP/1.1",
};

/** Nothing waits here. */
export function awaits() {
  return false;
}

/**
 * In a test, what would end the instance is simply thrown.
 *
 * @param {Error} error
 */
export function fault(error) {
  return error;
}

/**
 * A function of seed, number and place alone: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", 2014).
 */
function draw() {
  const world = state();
  world.drawn++;
  const place = mix(mix(BigInt(world.seed)) ^ BigInt(world.number));
  return Number(mix(place ^ BigInt(world.drawn)));
}

/** @param {bigint} state */
function mix(state) {
  let z = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

/**
 * @param {number} response
 * @param {string} name
 */
function values(response, name) {
  const wanted = name.toLowerCase();
  return kept(response)
    .headers.filter(([other]) => other.toLowerCase() === wanted)
    .map(([, value]) => value);
}

/** @param {number} response */
function kept(response) {
  const found = state().responses[response];
  if (!found) {
    throw new Error(
      `response ${response} is not one of this call: under gorgon, this is a \`!trap\``,
    );
  }
  return found;
}

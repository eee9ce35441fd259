/**
 * The world of the test that runs.
 *
 * @returns {State}
 */
export function state(): State;
/**
 * Runs something in a world.
 *
 * @template T
 * @param {State} world
 * @param {() => T} part
 * @returns {T}
 */
export function enter<T>(world: State, part: () => T): T;
/**
 * @param {string | Uint8Array | undefined} value
 * @returns {Uint8Array | undefined}
 */
export function bytes(value: string | Uint8Array | undefined): Uint8Array | undefined;
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
    constructor(world: import("./index.js").World);
    number: number;
    worker: number;
    workers: number;
    seed: number;
    stopping: boolean;
    /** @type {[string, string][]} */
    parameters: [string, string][];
    item: Uint8Array<ArrayBufferLike> | undefined;
    /** @type {[string, Uint8Array][]} */
    row: [string, Uint8Array][];
    respond: import("./exchange.js").Responder | undefined;
    /** Nanoseconds on the virtual clock. */
    now: number;
    /** How many random values the call has drawn. */
    drawn: number;
    /** @type {import("./exchange.js").SentRequest[]} */
    requests: import("./exchange.js").SentRequest[];
    /** What is kept of each response, to be asked for by its place in this list.
     *  @type {import("./exchange.js").Kept[]} */
    responses: import("./exchange.js").Kept[];
    /** @type {LogLine[]} */
    log: LogLine[];
    /** Each span until it ends. A handle is a place in this list.
     *  @type {({ name: string, started: number } | undefined)[]} */
    spans: ({
        name: string;
        started: number;
    } | undefined)[];
    /** @type {{ name: string, nanos: number }[]} */
    samples: {
        name: string;
        nanos: number;
    }[];
    /** @type {Map<string, number>} */
    counters: Map<string, number>;
    /** @type {{ name: string, passed: boolean }[]} */
    checks: {
        name: string;
        passed: boolean;
    }[];
}
/**
 * A line of the log.
 */
export type LogLine = {
    level: import("#host").Level;
    text: string;
};

/**
 * Makes a call. What would be a fault under gorgon, any exception but a `Fail`, is thrown.
 *
 * @param {import("../operation.js").Run} run
 * @param {World} [world]
 */
export function call(run: import("../operation.js").Run, world?: World): Call;
/**
 * Runs anything that is not an operation: a helper, or a hook of the lifecycle. Its exceptions are thrown, a `Fail`
 * too.
 *
 * @template T
 * @param {() => T} part
 * @param {World} [world]
 * @returns {{ value: T, recorded: Recorded }}
 */
export function within<T>(part: () => T, world?: World): {
    value: T;
    recorded: Recorded;
};
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
    /** @param {State} state */
    constructor(state: State);
    /** The requests that were sent, those of redirects too. */
    requests: import("./exchange.js").SentRequest[];
    /** The lines that were logged. */
    log: import("./state.js").LogLine[];
    /** How long it took on the virtual clock, in milliseconds. */
    elapsed: number;
    /**
     * The samples of a measurement in milliseconds, in the order they ended: of spans, of `measure.record`, of named
     * requests.
     *
     * @param {string} name
     */
    measurements(name: string): number[];
    /**
     * What was added to a counter.
     *
     * @param {string} name
     */
    counter(name: string): number;
    /**
     * How often a check passed, and how often it failed.
     *
     * @param {string} name
     */
    checks(name: string): {
        passed: number;
        failed: number;
    };
    #private;
}
/** What became of a call. */
export class Call extends Recorded {
    /**
     * @param {State} state
     * @param {import("../outcome.js").Outcome} outcome
     */
    constructor(state: State, { tag, ok }: import("../outcome.js").Outcome);
    /** The tag that the call ended with. */
    tag: string;
    /** Whether it ended as the operation meant it. */
    ok: boolean;
}
/**
 * What the operation is to see. Everything may be left out.
 */
export type World = {
    /**
     * the number of the call; 0
     */
    number?: number | undefined;
    /**
     * the worker that makes it; 0
     */
    worker?: number | undefined;
    /**
     * how many there are; 1
     */
    workers?: number | undefined;
    /**
     * what `--set` gave
     */
    parameters?: Record<string, string | number | boolean> | undefined;
    /**
     * a line of `--items`
     */
    item?: string | Uint8Array<ArrayBufferLike> | undefined;
    /**
     * a row of `--data`: cells by column
     */
    row?: Record<string, string | Uint8Array<ArrayBufferLike>> | undefined;
    /**
     * the seed of the run; 0
     */
    seed?: number | undefined;
    /**
     * whether the run is ending
     */
    stopping?: boolean | undefined;
    /**
     * answers the requests. Without it, every connection is refused
     */
    respond?: import("./exchange.js").Responder | undefined;
};
export type Reply = import("./exchange.js").Reply;
export type Responder = import("./exchange.js").Responder;
export type LogLine = import("./state.js").LogLine;
import { State } from "./state.js";

/** The number of this call. In the hooks of the lifecycle: 0. */
export function number(): number;
/** The worker that makes this call, counted from 0. In open load: the place in flight that it occupies. */
export function worker(): number;
/** How many workers the run was started with. In open load: 0. */
export function workers(): number;
/** When this call was due, in milliseconds since the run started. In closed load: when it started. */
export function due(): number;
/** Names this run: the same for every call of one run, different from run to run. */
export function runId(): string;
/** True once the run is ending: a long call may then return early. */
export function stopping(): boolean;
/** The item of this call, one line of `--items`, as text; `undefined` in a run without items. */
export function item(): string | undefined;
/** The item of this call, byte for byte. */
export function itemBytes(): Uint8Array<ArrayBufferLike> | undefined;
/**
 * One cell of this call's row of `--data`, as text; `undefined` where the run has no data or the data no such column.
 *
 * @param {string} column
 */
export function cell(column: string): string | undefined;
/**
 * One cell of this call's row of `--data`, byte for byte.
 *
 * @param {string} column
 */
export function cellBytes(column: string): Uint8Array<ArrayBufferLike> | undefined;
/**
 * This call's row of `--data`, cells by column; empty in a run without data.
 *
 * @returns {Record<string, string>}
 */
export function row(): Record<string, string>;
/**
 * All parameters, by name.
 *
 * @returns {Record<string, string>}
 */
export function parameters(): Record<string, string>;
/**
 * The value given with `--set NAME=VALUE`, or `undefined`.
 *
 * @param {string} name
 */
export function parameter(name: string): string | undefined;
/**
 * The value given with `--set NAME=VALUE`. Where there is none, the call ends with the failing tag
 * `missing-parameter:NAME`.
 *
 * @param {string} name
 * @returns {string}
 */
export function required(name: string): string;
/**
 * A duration such as `--set pause=50ms`, in milliseconds. Without the parameter: the default, or if there is none the
 * failing tag `missing-parameter:NAME`. What is not a duration is `bad-parameter:NAME`.
 *
 * @param {string} name
 * @param {number} [standard] the default
 */
export function duration(name: string, standard?: number): number;
/**
 * A size such as `--set size=1MiB`, in bytes. Otherwise as {@link duration}.
 *
 * @param {string} name
 * @param {number} [standard] the default
 */
export function size(name: string, standard?: number): number;
/**
 * A count such as `--set rounds=4k`. Otherwise as {@link duration}.
 *
 * @param {string} name
 * @param {number} [standard] the default
 */
export function count(name: string, standard?: number): number;
/**
 * A switch: `true yes on 1` or `false no off 0`. Otherwise as {@link duration}.
 *
 * @param {string} name
 * @param {boolean} [standard] the default
 */
export function flag(name: string, standard?: boolean): boolean;
/**
 * A parameter that cannot be used, for the checks of the operation itself: `throw context.badParameter("mode",
 * "one of `fast` and `slow`")`. The failing tag is `bad-parameter:NAME`.
 *
 * @param {string} name
 * @param {string} expected what it has to be
 */
export function badParameter(name: string, expected: string): import("./value.js").ParameterError;

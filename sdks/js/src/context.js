/**
 * What this call is, and what the person who started the run has passed to it.
 *
 * Times are milliseconds, as everywhere in JavaScript.
 */

import { context as host } from "#host";
import { decode } from "./text.js";
import { bad, missing, parse } from "./value.js";

/** The number of this call. In the hooks of the lifecycle: 0. */
export function number() {
  return host.number();
}

/** The worker that makes this call, counted from 0. In open load: the place in flight that it occupies. */
export function worker() {
  return host.worker();
}

/** How many workers the run was started with. In open load: 0. */
export function workers() {
  return host.workers();
}

/** When this call was due, in milliseconds since the run started. In closed load: when it started. */
export function due() {
  return host.due() / 1e6;
}

/** Names this run: the same for every call of one run, different from run to run. */
export function runId() {
  return host.runId();
}

/** True once the run is ending: a long call may then return early. */
export function stopping() {
  return host.stopping();
}

/** The item of this call, one line of `--items`, as text; `undefined` in a run without items. */
export function item() {
  const bytes = host.item();
  return bytes && decode(bytes);
}

/** The item of this call, byte for byte. */
export function itemBytes() {
  return host.item();
}

/**
 * One cell of this call's row of `--data`, as text; `undefined` where the run has no data or the data no such column.
 *
 * @param {string} column
 */
export function cell(column) {
  const bytes = host.cell(column);
  return bytes && decode(bytes);
}

/**
 * One cell of this call's row of `--data`, byte for byte.
 *
 * @param {string} column
 */
export function cellBytes(column) {
  return host.cell(column);
}

/**
 * This call's row of `--data`, cells by column; empty in a run without data.
 *
 * @returns {Record<string, string>}
 */
export function row() {
  return Object.fromEntries(
    host.row().map(([column, cell]) => [column, decode(cell)]),
  );
}

/**
 * All parameters, by name.
 *
 * @returns {Record<string, string>}
 */
export function parameters() {
  return Object.fromEntries(host.parameters());
}

/**
 * The value given with `--set NAME=VALUE`, or `undefined`.
 *
 * @param {string} name
 */
export function parameter(name) {
  return host.parameter(name);
}

/**
 * The value given with `--set NAME=VALUE`. Where there is none, the call ends with the failing tag
 * `missing-parameter:NAME`.
 *
 * @param {string} name
 * @returns {string}
 */
export function required(name) {
  const value = host.parameter(name);
  if (value === undefined) throw missing(name);
  return value;
}

/**
 * A duration such as `--set pause=50ms`, in milliseconds. Without the parameter: the default, or if there is none the
 * failing tag `missing-parameter:NAME`. What is not a duration is `bad-parameter:NAME`.
 *
 * @param {string} name
 * @param {number} [standard] the default
 */
export function duration(name, standard) {
  return typed("duration", name, standard);
}

/**
 * A size such as `--set size=1MiB`, in bytes. Otherwise as {@link duration}.
 *
 * @param {string} name
 * @param {number} [standard] the default
 */
export function size(name, standard) {
  return typed("size", name, standard);
}

/**
 * A count such as `--set rounds=4k`. Otherwise as {@link duration}.
 *
 * @param {string} name
 * @param {number} [standard] the default
 */
export function count(name, standard) {
  return typed("count", name, standard);
}

/**
 * A switch: `true yes on 1` or `false no off 0`. Otherwise as {@link duration}.
 *
 * @param {string} name
 * @param {boolean} [standard] the default
 */
export function flag(name, standard) {
  const text = standard === undefined ? required(name) : parameter(name);
  if (text === undefined) return /** @type {boolean} */ (standard);
  if (["true", "yes", "on", "1"].includes(text)) return true;
  if (["false", "no", "off", "0"].includes(text)) return false;
  throw bad(name, text, "one of `true` and `false`");
}

/**
 * A parameter that cannot be used, for the checks of the operation itself: `throw context.badParameter("mode",
 * "one of `fast` and `slow`")`. The failing tag is `bad-parameter:NAME`.
 *
 * @param {string} name
 * @param {string} expected what it has to be
 */
export function badParameter(name, expected) {
  return bad(name, parameter(name) ?? "", expected);
}

/**
 * @param {import("./value.js").Kind} kind
 * @param {string} name
 * @param {number | undefined} standard
 */
function typed(kind, name, standard) {
  const text = standard === undefined ? required(name) : parameter(name);
  return text === undefined
    ? /** @type {number} */ (standard)
    : parse(kind, name, text);
}

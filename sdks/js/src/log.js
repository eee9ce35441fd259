/**
 * The log of the run: lines with a level. What is no text is shown as `console.log` would show it.
 */

import { context as host } from "#host";
import { show } from "./show.js";

/** @typedef {"debug" | "info" | "warn" | "error"} Level */

/**
 * Writes a line of a level that is chosen at run time.
 *
 * @param {Level} level
 * @param {...unknown} parts
 */
export function line(level, ...parts) {
  host.log(level, parts.map(show).join(" "));
}

/**
 * Writes a line for whoever writes the operation.
 *
 * @param {...unknown} parts
 */
export function debug(...parts) {
  line("debug", ...parts);
}

/**
 * Writes a line that is worth knowing.
 *
 * @param {...unknown} parts
 */
export function info(...parts) {
  line("info", ...parts);
}

/**
 * Writes a line about what looks wrong.
 *
 * @param {...unknown} parts
 */
export function warn(...parts) {
  line("warn", ...parts);
}

/**
 * Writes a line about what is wrong.
 *
 * @param {...unknown} parts
 */
export function error(...parts) {
  line("error", ...parts);
}

/** @typedef {"debug" | "info" | "warn" | "error"} Level */
/**
 * Writes a line of a level that is chosen at run time.
 *
 * @param {Level} level
 * @param {...unknown} parts
 */
export function line(level: Level, ...parts: unknown[]): void;
/**
 * Writes a line for whoever writes the operation.
 *
 * @param {...unknown} parts
 */
export function debug(...parts: unknown[]): void;
/**
 * Writes a line that is worth knowing.
 *
 * @param {...unknown} parts
 */
export function info(...parts: unknown[]): void;
/**
 * Writes a line about what looks wrong.
 *
 * @param {...unknown} parts
 */
export function warn(...parts: unknown[]): void;
/**
 * Writes a line about what is wrong.
 *
 * @param {...unknown} parts
 */
export function error(...parts: unknown[]): void;
export type Level = "debug" | "info" | "warn" | "error";

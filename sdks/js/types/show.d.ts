/**
 * Values as text, for people.
 */
/**
 * @param {unknown} value
 * @returns {string}
 */
export function show(value: unknown): string;
/**
 * An error with its stack and its causes, in one line: a line of the log is one.
 *
 * @param {Error} error
 * @returns {string}
 */
export function showError(error: Error): string;

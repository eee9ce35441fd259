/** Milliseconds since the run started, with a fraction. Never goes back. In `setup`, before the run: 0. */
export function now(): number;
/**
 * Waits. Only this instance does: others go on meanwhile. Ends early when the call runs into its timeout, which also
 * ends the call.
 *
 * @param {number} milliseconds
 */
export function sleep(milliseconds: number): void;

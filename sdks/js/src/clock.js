/**
 * The run's clock: the one the report is made with. In milliseconds.
 */

import { clock as host } from "#host";
import { nanos } from "./nanos.js";

/** Milliseconds since the run started, with a fraction. Never goes back. In `setup`, before the run: 0. */
export function now() {
  return host.now() / 1e6;
}

/**
 * Waits. Only this instance does: others go on meanwhile. Ends early when the call runs into its timeout, which also
 * ends the call.
 *
 * @param {number} milliseconds
 */
export function sleep(milliseconds) {
  host.sleep(nanos(milliseconds));
}

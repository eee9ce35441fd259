/**
 * The host inside of a component: gorgon.
 */

import "./globals.js";

import * as rawClock from "gorgon:load/clock@0.1.0";
import * as rawContext from "gorgon:load/context@0.1.0";
import * as rawHttp from "gorgon:load/http@0.1.0";
import * as rawMeasure from "gorgon:load/measure@0.1.0";

import { adapt } from "./adapt.js";

export const { clock, context, measure, http } = adapt({
  clock: rawClock,
  context: rawContext,
  measure: rawMeasure,
  http: rawHttp,
});

/**
 * StarlingMonkey has an event loop and waits for what an export returns. QuickJS, built without the asynchronous ABI,
 * never runs a promise's continuation.
 */
export function awaits() {
  return typeof globalThis.setTimeout === "function";
}

/**
 * An exception that an export throws becomes its error result, in QuickJS even an `Error`: the message would be the
 * tag. One that is thrown while the engine reads the `payload` of the first has nowhere to go, and traps; its message
 * is then that of the trap. The stack is in the log already.
 *
 * @param {Error} error
 */
export function fault(error) {
  const last = new Error(String(error));
  last.stack = "";
  return {
    get payload() {
      throw last;
    },
  };
}

/**
 * Write gorgon operations in JavaScript or TypeScript. See the README of the package.
 */

export { defineLifecycle, defineOperation } from "./operation.js";
export { Fail } from "./fail.js";
export { ParameterError } from "./value.js";
export { Shared } from "./handover.js";
export * as clock from "./clock.js";
export * as context from "./context.js";
export * as http from "./http/index.js";
export * as log from "./log.js";
export * as measure from "./measure.js";

/** @typedef {import("./operation.js").Run} Run */
/** @typedef {import("./operation.js").Hooks} Hooks */
/** @typedef {import("./outcome.js").Returned} Returned */

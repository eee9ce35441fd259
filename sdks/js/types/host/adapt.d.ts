/**
 * One form for what the engines give in several: QuickJS takes and gives 64-bit integers as numbers and `null` for an
 * absent option, StarlingMonkey has bigints and `undefined`.
 */
/**
 * @typedef {object} Raw the interfaces of `wit/load.wit`, as an engine has them
 * @property {typeof import("gorgon:load/clock@0.1.0")} clock
 * @property {typeof import("gorgon:load/context@0.1.0")} context
 * @property {typeof import("gorgon:load/measure@0.1.0")} measure
 * @property {typeof import("gorgon:load/http@0.1.0")} http
 */
/**
 * @param {Raw} raw
 * @returns {import("#host").Host}
 */
export function adapt(raw: Raw): import("#host").Host;
/**
 * the interfaces of `wit/load.wit`, as an engine has them
 */
export type Raw = {
    clock: typeof import("gorgon:load/clock@0.1.0");
    context: typeof import("gorgon:load/context@0.1.0");
    measure: typeof import("gorgon:load/measure@0.1.0");
    http: typeof import("gorgon:load/http@0.1.0");
};

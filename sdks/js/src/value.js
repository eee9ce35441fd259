/**
 * Values as they are written on gorgon's command line: durations, sizes, counts.
 */

import { Fail } from "./fail.js";

const KINDS = {
  duration: {
    expected:
      "a duration: write a number and a unit, such as `500us`, `50ms`, `2s` or `1m30s`",
    /** In milliseconds. */
    units: new Map([
      ["ns", 1e-6],
      ["us", 1e-3],
      ["µs", 1e-3],
      ["ms", 1],
      ["s", 1e3],
      ["m", 60e3],
      ["h", 3600e3],
    ]),
  },
  size: {
    expected:
      "a size: write a number and perhaps a unit, such as `512`, `64KiB`, `1MiB` or `10MB`",
    units: new Map([
      ["", 1],
      ["B", 1],
      ["kB", 1e3],
      ["KB", 1e3],
      ["MB", 1e6],
      ["GB", 1e9],
      ["KiB", 2 ** 10],
      ["MiB", 2 ** 20],
      ["GiB", 2 ** 30],
    ]),
  },
  count: {
    expected: "a count: write a number such as `4000`, `4_000`, `4k` or `2M`",
    units: new Map([
      ["", 1],
      ["k", 1e3],
      ["M", 1e6],
      ["G", 1e9],
    ]),
  },
};

/** @typedef {keyof typeof KINDS} Kind */

/** A parameter that is missing, or not what it has to be. Uncaught, it is the failing tag of the call. */
export class ParameterError extends Fail {
  /**
   * @param {string} tag
   * @param {string} parameter
   * @param {string} because
   */
  constructor(tag, parameter, because) {
    super(tag, because);
    this.name = "ParameterError";
    /** The name of the parameter. */
    this.parameter = parameter;
  }
}

/**
 * The parameter that had to be given with `--set`.
 *
 * @param {string} name
 */
export function missing(name) {
  return new ParameterError(
    `missing-parameter:${name}`,
    name,
    `the parameter \`${name}\` is missing: give it with \`--set ${name}=…\``,
  );
}

/**
 * A parameter whose value cannot be used.
 *
 * @param {string} name
 * @param {string} text
 * @param {string} expected
 */
export function bad(name, text, expected) {
  return new ParameterError(
    `bad-parameter:${name}`,
    name,
    `the value of \`--set ${name}=…\` cannot be used: \`${text}\` is not ${expected}`,
  );
}

/**
 * What a text means, as a number: milliseconds, bytes, a count.
 *
 * @param {Kind} kind
 * @param {string} name of the parameter that the text is the value of
 * @param {string} text
 * @returns {number}
 */
export function parse(kind, name, text) {
  const { units, expected } = KINDS[kind];
  const value =
    kind === "duration" ? sum(text.trim(), units) : whole(text.trim(), units);
  if (value === undefined) throw bad(name, text, expected);
  return value;
}

/**
 * Numbers with their units, the largest unit first, added up.
 *
 * @param {string} text
 * @param {Map<string, number>} units
 */
function sum(text, units) {
  if (!/^(?:[\d_]+(?:\.[\d_]+)?[a-zµ]+)+$/.test(text)) return undefined;
  let total = 0;
  let smallest = Infinity;
  for (const [, number, name] of text.matchAll(/([\d_.]+)([a-zµ]+)/g)) {
    const unit = units.get(name);
    if (unit === undefined || unit >= smallest) return undefined;
    smallest = unit;
    total += Number(number.replaceAll("_", "")) * unit;
  }
  return Number.isFinite(total) ? total : undefined;
}

/**
 * One number, with a unit or without, that comes to a whole.
 *
 * @param {string} text
 * @param {Map<string, number>} units
 */
function whole(text, units) {
  const match = /^([\d_]*\d[\d_]*(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text);
  const unit = match ? units.get(match[2]) : undefined;
  if (!match || unit === undefined) return undefined;
  const value = Number(match[1].replaceAll("_", "")) * unit;
  return Number.isSafeInteger(value) ? value : undefined;
}

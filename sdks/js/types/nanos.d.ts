/**
 * Whole nanoseconds, as the host takes them.
 *
 * @param {number} milliseconds
 */
export function nanos(milliseconds: number): number;

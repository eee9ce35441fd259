/**
 * Whole nanoseconds, as the host takes them.
 *
 * @param {number} milliseconds
 */
export function nanos(milliseconds) {
  if (!(milliseconds >= 0)) {
    throw new RangeError(
      `a time is a number of milliseconds from 0 on, not ${milliseconds}`,
    );
  }
  return Math.min(Math.round(milliseconds * 1e6), Number.MAX_SAFE_INTEGER);
}

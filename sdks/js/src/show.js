/**
 * Values as text, for people.
 */

/**
 * @param {unknown} value
 * @returns {string}
 */
export function show(value) {
  if (typeof value === "string") return value;
  if (value instanceof Error) return showError(value);
  if (typeof value === "object" && value !== null) {
    try {
      return JSON.stringify(value, plain) ?? String(value);
    } catch {
      return Object.prototype.toString.call(value); // It contains itself.
    }
  }
  return String(value);
}

/**
 * An error with its stack and its causes, in one line: a line of the log is one.
 *
 * @param {Error} error
 * @returns {string}
 */
export function showError(error) {
  // Some engines begin the stack with name and message, QuickJS does not.
  const head = String(error);
  const stack = error.stack ?? "";
  const frames = (stack.startsWith(head) ? stack.slice(head.length) : stack)
    .split("\n")
    .map((frame) => frame.trim())
    .filter((frame) => frame !== "");
  // Where the SDK calls the user's function, the interesting part is over.
  const guard = frames.findIndex((frame) =>
    /^(?:at )?guard\d*[ @]/.test(frame),
  );
  const shown = guard < 0 ? frames : frames.slice(0, Math.max(guard - 1, 0));
  const text = [head, ...shown].join(" ");
  return error.cause === undefined
    ? text
    : `${text}; caused by ${show(error.cause)}`;
}

/**
 * What JSON has no form for.
 *
 * @param {string} _
 * @param {unknown} value
 */
function plain(_, value) {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Error) return showError(value);
  if (value instanceof Map || value instanceof Set) return [...value];
  if (value instanceof Uint8Array) return Array.from(value);
  return value;
}

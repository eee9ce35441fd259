/** Why there is no component, in words for whoever builds it. */
export class BuildError extends Error {
  /**
   * @param {string} message
   * @param {{ hint?: string, exitCode?: number, cause?: unknown }} [more]
   */
  constructor(message, { hint, exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.name = "BuildError";
    /** What to do. */
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

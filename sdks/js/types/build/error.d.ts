/** Why there is no component, in words for whoever builds it. */
export class BuildError extends Error {
    /**
     * @param {string} message
     * @param {{ hint?: string, exitCode?: number, cause?: unknown }} [more]
     */
    constructor(message: string, { hint, exitCode, cause }?: {
        hint?: string;
        exitCode?: number;
        cause?: unknown;
    });
    /** What to do. */
    hint: string | undefined;
    exitCode: number;
}

/**
 * Returns the exit code.
 *
 * @param {string[]} args
 */
export function main(args: string[]): Promise<number>;

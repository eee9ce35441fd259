/**
 * Loads a tool.
 *
 * @param {string} name of its package
 * @param {string} version that this package was tried with
 * @returns {Promise<any>}
 */
export function tool(name: string, version: string): Promise<any>;

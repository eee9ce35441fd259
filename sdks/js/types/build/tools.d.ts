/**
 * Loads a tool.
 *
 * @param {string} name of its package
 * @param {string} packages what to install for it, in the versions that this package was tried with
 * @returns {Promise<any>}
 */
export function tool(name: string, packages: string): Promise<any>;

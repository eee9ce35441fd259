/**
 * The program, and the world that it is of: the one with hooks where it exports `lifecycle`.
 *
 * @param {string} entry
 * @returns {Promise<{ source: string, world: "op" | "op-full" }>}
 */
export function bundle(entry: string): Promise<{
    source: string;
    world: "op" | "op-full";
}>;

/** @type {Map<string, (program: Program) => Promise<Uint8Array>>} */
export const ENGINES: Map<string, (program: Program) => Promise<Uint8Array>>;
export type Program = {
    source: string;
    world: string;
    wit?: string;
};

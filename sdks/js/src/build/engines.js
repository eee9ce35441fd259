/**
 * From a bundled program to a component, with one JavaScript engine or another inside.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { BuildError } from "./error.js";
import { tool } from "./tools.js";

/** @typedef {{ source: string, world: string, wit?: string }} Program */

const contract = fileURLToPath(new URL("../../wit/load.wit", import.meta.url));

/** @type {Map<string, (program: Program) => Promise<Uint8Array>>} */
export const ENGINES = new Map([
  ["quickjs", quickjs],
  ["starlingmonkey", starlingmonkey],
]);

/** @param {Program} program */
async function quickjs({ source, world, wit = contract }) {
  const { componentize } = await tool(
    "componentize-qjs",
    "componentize-qjs@0.4.5",
  );
  // The name of this file is what a stack calls the program.
  const folder = await mkdtemp(join(tmpdir(), "gorgon-js-"));
  const path = join(folder, "op.js");
  try {
    await writeFile(path, source);
    const { component } = await attempt(() =>
      componentize({
        witPath: wit,
        jsSource: source,
        jsPath: path,
        moduleRoot: folder,
        world,
        // The asynchronous ABI costs more per call, and gorgon does not offer it.
        sync: true,
      }),
    );
    return component;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param {Program} program */
async function starlingmonkey({ source, world, wit = contract }) {
  const { componentize } = await tool(
    "@bytecodealliance/componentize-js",
    // The second is imported by the first, which does not name it among its dependencies.
    "@bytecodealliance/componentize-js@0.23.0 @bytecodealliance/preview2-shim@0.26.0",
  );
  const { component } = await attempt(() =>
    componentize(source, { witPath: wit, worldName: world }),
  );
  return component;
}

/**
 * The program runs once in the engine, up to the end of its imports: what it throws there arrives here.
 *
 * @template T
 * @param {() => Promise<T>} build
 */
async function attempt(build) {
  try {
    return await build();
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    throw new BuildError(`no component could be made of it: ${message}`, {
      hint: "outside of its functions, a program cannot use the host: there is no call yet",
      cause,
    });
  }
}

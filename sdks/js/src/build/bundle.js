/**
 * From the entry file, in JavaScript or TypeScript, to one module with everything that it imports but the host.
 */

import { isBuiltin } from "node:module";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

import { BuildError } from "./error.js";
import { tool } from "./tools.js";

const globals = fileURLToPath(new URL("../host/globals.js", import.meta.url));

/**
 * The program, and the world that it is of: the one with hooks where it exports `lifecycle`.
 *
 * @param {string} entry
 * @returns {Promise<{ source: string, world: "op" | "op-full" }>}
 */
export async function bundle(entry) {
  const esbuild = await tool("esbuild", "esbuild@0.28.2");
  let result;
  try {
    result = await esbuild.build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      // Neither Node nor a browser: nothing of either is there.
      platform: "neutral",
      mainFields: ["module", "main"],
      target: "es2023",
      external: ["gorgon:*", "wasi:*"],
      inject: [globals],
      nodePaths: process.env.NODE_PATH?.split(delimiter),
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
    });
  } catch (cause) {
    const { errors } = /** @type {{ errors?: { text: string }[] }} */ (cause);
    if (!errors) throw cause;
    const messages = await esbuild.formatMessages(errors, { kind: "error" });
    throw new BuildError(
      `${entry} cannot be bundled\n\n${messages.join("\n")}`,
      { hint: hint(errors), cause },
    );
  }
  const [output] = Object.values(result.metafile.outputs);
  const exports = new Set(
    /** @type {{ exports: string[] }} */ (output).exports,
  );
  if (!exports.has("operation")) {
    throw new BuildError(`${entry} exports no operation`, {
      hint: "export const operation = defineOperation(run)",
    });
  }
  return {
    source: result.outputFiles[0].text,
    world: exports.has("lifecycle") ? "op-full" : "op",
  };
}

/**
 * What to do about a module that is not found.
 *
 * @param {{ text: string }[]} errors
 */
function hint(errors) {
  const missing = errors
    .map(({ text }) => /^Could not resolve "(.+)"$/.exec(text)?.[1])
    .filter((name) => name !== undefined);
  const [name] = missing;
  if (name === undefined) return undefined;
  return isBuiltin(name)
    ? `\`${name}\` is a part of Node: a component has no files, sockets and processes`
    : `\`npm install ${name}\`, if it is a package`;
}

/**
 * The tools of a build. They belong to the project that is built, which pins their versions, and not to this package:
 * so they are looked up from the folder that the command runs in, then from `NODE_PATH`.
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { BuildError } from "./error.js";

/**
 * Loads a tool.
 *
 * @param {string} name of its package
 * @param {string} packages what to install for it, in the versions that this package was tried with
 * @returns {Promise<any>}
 */
export async function tool(name, packages) {
  const hint = `npm install --save-dev --save-exact ${packages}`;
  const { resolve } = createRequire(join(process.cwd(), "package.json"));
  for (const folder of resolve.paths(name) ?? []) {
    const root = join(folder, name);
    const described = await read(join(root, "package.json"));
    if (described === undefined) continue;
    const { exports, main = "index.js" } = JSON.parse(described);
    const entry = pathToFileURL(join(root, exports?.import ?? main));
    try {
      return await import(entry.href);
    } catch (cause) {
      const { message } = /** @type {Error} */ (cause);
      throw new BuildError(
        `the package \`${name}\` cannot be loaded: ${message}`,
        { hint, cause },
      );
    }
  }
  throw new BuildError(`the package \`${name}\` is not installed here`, {
    hint,
  });
}

/**
 * The text of a file, or `undefined` where there is none.
 *
 * @param {string} path
 */
async function read(path) {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * The tools of a build. They belong to the project that is built, which pins their versions, and not to this package:
 * so they are looked up from the folder that the command runs in, then from `NODE_PATH`.
 */

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { BuildError } from "./error.js";

/**
 * Loads a tool.
 *
 * @param {string} name of its package
 * @param {string} version that this package was tried with
 * @returns {Promise<any>}
 */
export async function tool(name, version) {
  const require = createRequire(join(process.cwd(), "package.json"));
  let path;
  try {
    path = require.resolve(name);
  } catch (cause) {
    throw new BuildError(`the package \`${name}\` is not installed here`, {
      hint: `npm install --save-dev --save-exact ${name}@${version}`,
      cause,
    });
  }
  return import(pathToFileURL(path).href);
}

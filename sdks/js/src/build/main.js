/**
 * `gorgon-js build`: the command line.
 */

import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { parseArgs } from "node:util";

import { bundle } from "./bundle.js";
import { ENGINES } from "./engines.js";
import { BuildError } from "./error.js";

const USAGE = `Builds an operation in JavaScript or TypeScript to a WebAssembly component.

Usage: gorgon-js build ENTRY -o OUT.wasm [OPTIONS]

  -o, --out OUT.wasm   the component
  --engine NAME        the JavaScript engine in it: quickjs (small, starts fast; the default) or starlingmonkey
                       (fetch, promises, timers, WebCrypto; ten times the size)
  --bundle FILE.js     also write the bundled program, which the line numbers of a stack belong to
  --wit DIR            a contract of your own; it needs the worlds \`op\` and \`op-full\`
  -h, --help           this text
`;

/**
 * Returns the exit code.
 *
 * @param {string[]} args
 */
export async function main(args) {
  try {
    await run(args);
    return 0;
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(`error: ${error.message}`);
    if (error.hint) console.error(`  hint: ${error.hint}`);
    return error.exitCode;
  }
}

/** @param {string[]} args */
async function run(args) {
  const { positionals, values } = parse(args);
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [command, entry] = positionals;
  const { out, engine } = values;
  const make = ENGINES.get(engine);
  if (command !== "build" || positionals.length !== 2 || !out) {
    throw usage("`gorgon-js build ENTRY -o OUT.wasm` is the one command");
  }
  if (!make) {
    throw usage(`there is no engine \`${engine}\`: quickjs or starlingmonkey`);
  }
  const { source, world } = await bundle(entry);
  await mkdir(dirname(out), { recursive: true });
  if (values.bundle) {
    await mkdir(dirname(values.bundle), { recursive: true });
    await writeFile(values.bundle, source);
  }
  const started = performance.now();
  await writeFile(out, await make({ source, world, wit: values.wit }));
  const { size } = await stat(out);
  const took = ((performance.now() - started) / 1000).toFixed(1);
  const kib = Math.round(size / 1024);
  console.log(
    `${relative("", out)}: ${kib} KiB, ${engine}, world ${world}, ${took} s`,
  );
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: "string", short: "o" },
        engine: { type: "string", default: "quickjs" },
        bundle: { type: "string" },
        wit: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw usage(/** @type {Error} */ (error).message);
  }
}

/** @param {string} message */
function usage(message) {
  return new BuildError(message, {
    hint: "`gorgon-js --help` shows the options",
    exitCode: 2,
  });
}

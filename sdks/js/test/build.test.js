import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const missing = ["esbuild", "componentize-qjs"].filter(
  (name) => !existsSync(join(root, "node_modules", name)),
);
const skip =
  missing.length > 0 && `needs ${missing.join(", ")}: \`npm ci\` in sdks/js`;

const OPERATION = `
import { defineLifecycle, defineOperation } from "${root}/src/index.js";
export const operation = defineOperation((number: number) => String(number));
`;

/** Builds a program as a user does: by the command, in the folder with the tools. */
async function build(program, ...flags) {
  const folder = await mkdtemp(join(tmpdir(), "gorgon-sdk-build-"));
  try {
    const entry = join(folder, "op.ts");
    const out = join(folder, "deep", "op.wasm");
    await writeFile(entry, program);
    const { code, text } = await command("build", entry, "-o", out, ...flags);
    const component = existsSync(out) ? await readFile(out) : undefined;
    return { code, text, component };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function command(...args) {
  const path = join(root, "bin", "gorgon-js.js");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path, ...args],
      { cwd: root },
      (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, text: stdout + stderr }),
    );
  });
}

test(
  "an operation becomes a component of the smaller world",
  { skip },
  async () => {
    const { code, text, component } = await build(OPERATION);
    assert.equal(code, 0, text);
    assert.match(text, /op\.wasm: \d+ KiB, quickjs, world op,/);
    // The magic of WebAssembly, and the layer of components.
    const head = [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0];
    assert.deepEqual([...component.subarray(0, 8)], head);
    assert.ok(component.includes("gorgon:load/operation@0.1.0"));
    assert.ok(!component.includes("gorgon:load/lifecycle@0.1.0"));
  },
);

test("one with hooks becomes one of the larger", { skip }, async () => {
  const { code, text, component } = await build(
    `${OPERATION} export const lifecycle = defineLifecycle({});`,
  );
  assert.equal(code, 0, text);
  assert.match(text, /world op-full/);
  assert.ok(component.includes("gorgon:load/lifecycle@0.1.0"));
});

test("what cannot be built says what to do", { skip }, async () => {
  const programs = [
    ["export const run = 1;", /exports no operation[^]*defineOperation\(run\)/],
    [
      `import "node:fs"; ${OPERATION}`,
      /`node:fs` is a part of Node: a component has no files/,
    ],
    [
      `import "no-such-package"; ${OPERATION}`,
      /`npm install no-such-package`, if it is a package/,
    ],
    ["export const operation = ;", /op\.ts:1:2\d/],
    [
      `${OPERATION} throw new Error("while it is built");`,
      /no component could be made of it: [^]*while it is built/,
    ],
  ];
  for (const [program, message] of programs) {
    const { code, text, component } = await build(program);
    assert.equal(code, 1, text);
    assert.match(text, message);
    assert.equal(component, undefined);
  }
});

test("a wrong command line says so", async () => {
  for (const [args, message] of [
    [[], /is the one command/],
    [["build", "op.ts"], /is the one command/],
    [["build", "op.ts", "-o", "x", "--fast"], /--fast/],
    [["build", "op.ts", "-o", "x", "--engine", "v8"], /no engine `v8`/],
  ]) {
    const { code, text } = await command(...args);
    assert.equal(code, 2);
    assert.match(text, message);
    assert.match(text, /`gorgon-js --help` shows the options/);
  }
  const { code, text } = await command("--help");
  assert.equal(code, 0);
  assert.match(text, /Usage: gorgon-js build/);
});

test("a tool that is missing is named with its version", { skip }, async () => {
  const { code, text } = await build(OPERATION, "--engine", "starlingmonkey");
  assert.equal(code, 1);
  assert.match(
    text,
    /npm install --save-dev --save-exact @bytecodealliance\/componentize-js@0\.23\.0/,
  );
});

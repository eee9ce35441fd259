import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = join(root, "node_modules/typescript/bin/tsc");

async function contents(folder) {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith(".d.ts")).sort();
  return Promise.all(
    files.map(async (name) => [
      name,
      await readFile(join(folder, name), "utf8"),
    ]),
  );
}

test("the types that are committed are those of the sources", async (t) => {
  if (!existsSync(tsc)) {
    t.skip("needs TypeScript: `npm ci` in sdks/js");
    return;
  }
  const out = await mkdtemp(join(tmpdir(), "gorgon-sdk-types-"));
  try {
    await promisify(execFile)(process.execPath, [tsc, "--outDir", out], {
      cwd: root,
    });
    assert.deepEqual(
      await contents(join(root, "types")),
      await contents(out),
      "`npm run types` writes them anew",
    );
  } finally {
    await rm(out, { recursive: true });
  }
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const here = (path) => new URL(path, import.meta.url);

/** The functions of each interface of a contract, in camel case. */
function functions(wit) {
  const all = {};
  for (const [, name, body] of wit.matchAll(/^interface (\S+) \{(.*?)^\}/gms)) {
    all[name] = [...body.matchAll(/^ {2}%?([a-z-]+): func/gm)].map(([, f]) =>
      f.replace(/-(.)/g, (_, letter) => letter.toUpperCase()),
    );
  }
  return all;
}

test("the contract that is shipped is the contract", async (t) => {
  const ours = await readFile(here("../wit/load.wit"), "utf8");
  let theirs;
  try {
    theirs = await readFile(here("../../../wit/load.wit"), "utf8");
  } catch {
    t.skip("outside of a checkout there is nothing to compare with");
    return;
  }
  assert.equal(ours, theirs, "cp wit/load.wit sdks/js/wit/load.wit");
});

test("every import of the contract has its type, and no other", async () => {
  const wit = functions(await readFile(here("../wit/load.wit"), "utf8"));
  const types = await readFile(here("../wit/load.d.ts"), "utf8");
  for (const name of ["clock", "context", "measure", "http"]) {
    const [, body] = new RegExp(
      `^declare module "gorgon:load/${name}@0\\.1\\.0" \\{(.*?)^\\}`,
      "ms",
    ).exec(types);
    const declared = [...body.matchAll(/export function (\w+)\(/g)];
    assert.deepEqual(declared.map(([, f]) => f).sort(), wit[name].sort(), name);
  }
});

test("the host of a test has every function of the contract", async () => {
  const wit = functions(await readFile(here("../wit/load.wit"), "utf8"));
  const host = await import("../src/testing/host.js");
  for (const name of ["clock", "context", "measure", "http"]) {
    assert.deepEqual(Object.keys(host[name]).sort(), wit[name].sort(), name);
  }
});

// Runs one check: `node check.mjs NAME SPEC.json`.

import { readFileSync } from "node:fs";
import { withBrowser } from "./browser.mjs";

const [name, spec] = process.argv.slice(2);
const { default: check } = await import(`./checks/${name}.mjs`);
await withBrowser((context) => check(context, JSON.parse(readFileSync(spec, "utf8"))));
console.log(`${name}: sound`);

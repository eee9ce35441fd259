// Chromium, started afresh, and pages in it that are watched.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Without a sandbox, because containers rarely let it have one; and nothing that looks for a network by itself. */
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--disable-dev-shm-usage",
];

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // It is not here.
      }
    }
  }
  throw new Error("there is no Chromium: tests/browser/install.sh");
}

/** Starts a browser for as long as `use` runs. */
export async function withBrowser(use) {
  const folder = mkdtempSync(join(tmpdir(), "gorgon-browser-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: executable(), args: FLAGS, headless: true, viewport: { width: 1360, height: 900 }, acceptDownloads: true, colorScheme: "light",
  });
  try {
    return await use(context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a file and watches it. What it must not do is in `wrong`, which `clean` checks. */
export async function open(context, file, hash = "") {
  const page = await context.newPage();
  page.wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.wrong.push(`error: ${error.stack}`));
  page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || page.wrong.push(`request: ${request.url()}`));
  page.on("dialog", (dialog) => { page.wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(pathToFileURL(file).href + hash);
  await page.waitForSelector("main .card");
  return page;
}

export function clean(page) {
  assert.deepEqual(page.wrong, []);
}

/** What axe finds. It is run beside the page, whose policy would not have it. */
export async function violations(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id, worldName: "axe" });
  const run = async (expression, awaitPromise = false) => {
    const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, contextId: executionContextId, awaitPromise, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await run(`${AXE};0`);
  const found = await run(`axe.run().then((all) => JSON.stringify(all.violations.map((one) => one.id + ": " + one.nodes.map((node) => node.html).join(" | ").slice(0, 400))))`, true);
  await session.detach();
  return JSON.parse(found);
}

/** Checks that nothing is wider than the page, at a width. */
export async function fits(page, width) {
  await page.setViewportSize({ width, height: 900 });
  await page.waitForFunction((wanted) => {
    const plots = [...document.querySelectorAll(".plot .uplot")];
    return innerWidth === wanted && plots.every((plot) => Math.abs(plot.clientWidth - plot.parentElement.clientWidth) <= 1);
  }, width);
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `at ${width} pixels the page is ${wide} wide`);
}

/** The JSON of an island of the page. */
export function island(page, id) {
  return page.evaluate((of) => JSON.parse(document.getElementById(of).textContent), id);
}

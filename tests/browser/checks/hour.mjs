// A long run opens soon, and is drawn as it is.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { clean, fits, island, open } from "../browser.mjs";

export default async function hour(context, { page: file, stretches, calls }) {
  assert.ok(statSync(file).size < 1_000_000, `${statSync(file).size} bytes`);
  const page = await open(context, file);
  const { course } = (await island(page, "page-data")).runs[0];
  assert.equal(course.calls.length, stretches);
  assert.equal(course.calls.reduce((sum, of) => sum + of, 0), calls);
  const drawn = await page.locator(".plot canvas").evaluateAll((all) => all.map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
    return painted / (canvas.width * canvas.height);
  }));
  assert.equal(drawn.length, 4);
  assert.ok(drawn.every((part) => part > 0.01), `${drawn}`);
  // How long that takes is told and not judged: machines differ.
  const took = await page.evaluate(() => Math.round(performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd));
  console.log(`an hour is drawn after ${took} ms, from ${statSync(file).size} bytes`);
  await fits(page, 390);
  clean(page);
}

// What the page shows is what the other views say, and what is saved from it is what they write.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { clean, island, open } from "../browser.mjs";

const FORMAT = new URL("../../../host/assets/report/format.js", import.meta.url);

export default async function figures(context, { page: file, figures, rows, documents, csv, formats }) {
  const page = await open(context, file);
  const shown = await page.$$eval(".figure", (all) => Object.fromEntries(all.map((one) => {
    const [value, unit] = [one.children[1].firstChild.textContent, one.querySelector("small")?.textContent];
    return [one.querySelector("dt").textContent, unit && unit !== "calls/s" ? `${value} ${unit}` : value];
  })));
  assert.deepEqual(shown, figures);
  const card = page.locator("section", { has: page.getByRole("heading", { name: "Results by tag", exact: true }) });
  const found = await card.locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  assert.deepEqual(found.map((row) => row.filter((cell) => cell !== "")), rows);

  const saved = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
    return readFileSync(await download.path(), "utf8");
  };
  assert.deepEqual(JSON.parse(await saved("Save data (JSON)")), documents[0]);
  const lines = (await saved("Save series (CSV)")).trim().split("\n").map((line) => line.split(","));
  const [head, ...stretches] = lines;
  assert.deepEqual(head, csv.columns);
  const course = (await island(page, "page-data")).runs[0].course;
  let stretchesThere = 0;
  for (let at = 0; at < course.lengths.length; at += 2) stretchesThere += course.lengths[at];
  assert.equal(stretches.length, stretchesThere);
  for (const [name, sum] of Object.entries(csv.sums)) {
    const at = head.indexOf(name);
    assert.equal(stretches.reduce((all, line) => all + Number(line[at]), 0), sum, name);
  }

  // What is read off under a cursor is written by scripts, in the same way.
  const written = new Function(`${readFileSync(FORMAT, "utf8")}; return { duration, count, rate, share };`)();
  for (const [kind, number, text] of formats) assert.equal(written[kind](number), text, `${kind} ${number}`);
  clean(page);
}

// What a reader can do: look closer, look at a moment in all charts, switch lines off and themes over, by mouse and keyboard.

import assert from "node:assert/strict";
import { clean, open } from "../browser.mjs";

export default async function moves(context, { page: file }) {
  const page = await open(context, file);
  const chart = (title) => page.locator("section", { has: page.getByRole("heading", { name: title, exact: true }) });
  const [latency, rate, heat, spectrum] = ["Latency over time", "Calls per second, by tag", "Latency heat map", "Percentile spectrum"].map(chart);
  const legend = (of) => of.locator(".legend").textContent();
  const readout = (of) => of.locator(".readout:not(.hint)").textContent();
  const over = async (of, x, y = 0.5) => {
    await of.scrollIntoViewIfNeeded();
    const box = await of.locator(".u-over").boundingBox();
    return [box.x + box.width * x, box.y + box.height * y];
  };
  const hover = async (of, x, y) => page.mouse.move(...(await over(of, x, y)));

  await cursor();
  await heatMap();
  await zoom();
  await lines();
  await keyboard();
  await tables();
  await themes();
  clean(page);

  async function cursor() {
    const [whole, wholeRate] = [await legend(latency), await legend(rate)];
    await hover(latency, 0.3);
    const first = await legend(latency);
    assert.notEqual(first, whole);
    assert.notEqual(await legend(rate), wholeRate, "the cursor of the other chart goes along");
    assert.match(await readout(latency), /^\d+:\d\d/);
    assert.equal(await readout(latency), await readout(rate));
    await hover(rate, 0.8);
    assert.notEqual(await legend(latency), first);
    await page.mouse.move(5, 5);
    assert.equal(await legend(latency), whole, "without a cursor the whole run is told");
    assert.equal(await readout(rate), "");
    await hover(spectrum, 0.5);
    assert.match(await readout(spectrum), /^at p\d/);
  }

  async function heatMap() {
    // Somewhere in a column there are calls.
    let [seen, text] = [0, ""];
    for (let y = 0.05; y < 1 && seen === 0; y += 0.04) {
      await hover(heat, 0.5, y);
      text = await readout(heat);
      assert.match(text, /^\d+:\d\d.* · .+ – .+ · [\d ]+ calls?$/);
      seen = Number(text.match(/ · ([\d ]+) calls?$/)[1].replaceAll(" ", ""));
    }
    assert.ok(seen > 0, text);
    await page.mouse.move(5, 5);
  }

  async function zoom() {
    const range = (of) => of.locator(".plot").evaluate((plot) => plot.getAttribute("data-range"));
    const before = await range(latency);
    assert.equal(await latency.getByRole("button", { name: "Reset zoom" }).isVisible(), false);
    const [from, to] = [await over(latency, 0.25), await over(latency, 0.5)];
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, from[1]);
    await page.mouse.move(...to);
    await page.mouse.up();
    const closer = await range(latency);
    assert.notEqual(closer, before);
    assert.equal(await range(rate), closer);
    assert.equal(await range(heat), closer);
    await rate.getByRole("button", { name: "Reset zoom" }).click();
    assert.equal(await range(latency), before);
    await page.mouse.move(...(await over(latency, 0.25)));
    await page.mouse.down();
    await page.mouse.move(...(await over(latency, 0.4)));
    await page.mouse.up();
    assert.notEqual(await range(rate), before);
    await page.mouse.dblclick(...(await over(latency, 0.6)));
    assert.equal(await range(latency), before);
    assert.equal(await range(rate), before);
  }

  async function lines() {
    const button = latency.locator(".legend button").first();
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    const pixels = () => latency.locator("canvas").evaluate((canvas) => canvas.toDataURL());
    const all = await pixels();
    await button.click();
    assert.equal(await button.getAttribute("aria-pressed"), "false");
    assert.notEqual(await pixels(), all);
    await button.focus();
    await page.keyboard.press("Enter");
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    // A layer of the stack leaves its room to the others.
    await rate.locator(".legend button").first().click();
    await rate.locator(".legend button").first().click();
  }

  async function keyboard() {
    const plot = latency.locator(".plot");
    await plot.focus();
    await page.keyboard.press("Home");
    const first = await readout(latency);
    await page.keyboard.press("ArrowRight");
    const second = await readout(latency);
    assert.notEqual(second, first);
    assert.equal(await readout(rate), second);
    assert.ok((await latency.getByRole("status").textContent()).startsWith(second), "it is told to those who cannot see it");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await readout(latency), first);
    await page.keyboard.press("End");
    assert.notEqual(await readout(latency), first);
    const range = () => plot.getAttribute("data-range");
    const whole = await range();
    await page.keyboard.press("+");
    assert.notEqual(await range(), whole);
    await page.keyboard.press("Escape");
    assert.equal(await range(), whole);
    assert.equal(await readout(latency), "");
    // A ring shows where one is.
    const ring = await plot.evaluate((of) => getComputedStyle(of).outlineStyle);
    assert.equal(ring, "solid");
  }

  async function tables() {
    await latency.getByText("Show as table").click();
    const rows = latency.locator("details tbody tr");
    await rows.first().waitFor();
    assert.ok((await rows.count()) > 1);
    const label = await latency.getByRole("img").getAttribute("aria-label");
    assert.match(label, /p99 /);
  }

  async function themes() {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [before, colour] = [await theme(), await paper()];
    assert.equal(before, "light");
    const drawn = () => spectrum.locator("canvas").evaluate((canvas) => canvas.toDataURL());
    const light = await drawn();
    await page.getByRole("button", { name: "Theme" }).click();
    assert.equal(await theme(), "dark");
    assert.notEqual(await paper(), colour);
    assert.notEqual(await drawn(), light, "charts are drawn again in the colours of the theme");
    await page.getByRole("button", { name: "Theme" }).click();
    assert.equal(await theme(), before);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    for (const asked of ["light", "dark"]) {
      await page.evaluate((to) => { location.hash = to; }, asked);
      await page.waitForFunction((to) => document.documentElement.dataset.theme === to, asked);
    }
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.getByRole("button", { name: "Theme" }).isVisible(), false);
  }
}

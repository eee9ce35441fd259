// What a guest chose stays text, whatever it looks like.

import assert from "node:assert/strict";
import { clean, open } from "../browser.mjs";

export default async function hostile(context, { page: file, texts }) {
  const page = await open(context, file);
  assert.equal(await page.evaluate(() => globalThis.PWNED), undefined);
  // None of it made an element: neither in what is shown nor where a browser reads markup.
  assert.equal(await page.locator("img, iframe, b[onclick], [onerror], [onload]").count(), 0);
  assert.equal(await page.locator("script:not([type])").count(), 2);
  const said = await page.textContent("#page");
  for (const text of texts) assert.ok(said.includes(text), text);
  await page.locator(".legend button").first().hover();
  for (const summary of await page.getByText("Show as table").all()) await summary.click();
  clean(page);
}

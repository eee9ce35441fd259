// Any page: it opens without a complaint, fits every screen, and can be read by everybody.

import assert from "node:assert/strict";
import { clean, fits, open, violations } from "../browser.mjs";

export default async function sound(context, { page: file, pages = [file], says = [] }) {
  for (const [at, one] of pages.entries()) {
    for (const theme of ["light", "dark"]) {
      const page = await open(context, one, `#${theme}`);
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
      assert.deepEqual(await violations(page), [], `${one} in ${theme}`);
      if (says[at]) assert.ok((await page.textContent("#page")).includes(says[at]), `${one} does not say "${says[at]}"`);
      for (const width of [390, 768, 1360]) await fits(page, width);
      clean(page);
      await page.close();
    }
  }
}

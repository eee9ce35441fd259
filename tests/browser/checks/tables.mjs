// What the tables of a page say is what another view says, column by column; and as much is drawn as there is to draw.

import assert from "node:assert/strict";
import { clean, open } from "../browser.mjs";

export default async function tables(
  context,
  { page: file, tables, charts, legends = [] },
) {
  const page = await open(context, file);
  for (const { title, rows } of tables) {
    const card = page.locator("section", {
      has: page.getByRole("heading", { name: title, exact: true }),
    });
    const found = await card
      .locator("table")
      .first()
      .evaluate((one) => {
        const texts = (cells) => [...cells].map((cell) => cell.textContent);
        const columns = texts(one.querySelectorAll("thead th"));
        return [...one.querySelectorAll("tbody tr")].map((row) =>
          Object.fromEntries(
            texts(row.children).map((text, at) => [columns[at], text]),
          ),
        );
      });
    assert.equal(found.length, rows.length, title);
    for (const [at, row] of rows.entries())
      for (const [column, text] of Object.entries(row))
        assert.equal(found[at][column], text, `${title}, ${column}`);
  }
  const shown = await page.locator(".legend button").allTextContents();
  for (const parts of legends)
    assert.ok(
      shown.some((one) => parts.every((part) => one.includes(part))),
      `${parts} in ${shown}`,
    );
  assert.equal(await page.locator(".plot .uplot").count(), charts);
  clean(page);
}

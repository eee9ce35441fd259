// Elements. Text goes into the page as text and in no other way.

/** An element with attributes and children; what is no element is text, and null is nothing. */
function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false && value !== "") element.setAttribute(key, value);
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== "") element.append(child);
  }
}

/** An element of SVG. */
function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A pill: `{mood, text}`. */
function pill(of) {
  return el("span", { class: `pill ${of.mood}` }, of.text);
}

/** A card with a heading, a remark beside it, and what is in it. */
function card(kind, title, remark, ...children) {
  const head = el("header", null, el("h2", null, title), remark ? el("div", { class: "quiet" }, remark) : null);
  return el("section", { class: `card ${kind}`.trim() }, head, ...children);
}

/** A table. Columns are `{title, class, row}`; `row` says that its cells name their rows. Cells are text or elements. */
function table(caption, columns, rows) {
  const title = (column) => el("th", { scope: "col", class: column.class }, column.title || el("span", { class: "unseen" }, column.said));
  const cell = (value, index) => {
    const { class: of, row } = columns[index];
    return row ? el("th", { scope: "row", class: of }, value) : el("td", { class: of }, value);
  };
  const line = (cells) => el("tr", null, cells.map(cell));
  return el(
    "table", null,
    el("caption", { class: "unseen" }, caption),
    el("thead", null, el("tr", null, columns.map(title))),
    el("tbody", null, rows.map(line)),
  );
}

/** What may be wider than its card scrolls in it, by the keyboard too. */
function scroll(label, ...children) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, ...children);
}

// The tables: tags, measurements, checks, counters, failures.

/** So many rows are shown before the rest has to be asked for. */
const ROWS = 20;

const OUTCOMES = { ok: "good", fail: "bad", fault: "warn" };

function outcome(word) {
  return pill({ mood: OUTCOMES[word], text: word });
}

/** A table of which only the first rows are shown, until somebody asks for all. */
function longTable(name, columns, rows) {
  const made = table(name, columns, rows);
  const rest = [...made.querySelectorAll("tbody tr")].slice(ROWS);
  const parts = [scroll(name, made)];
  if (rest.length > 0) {
    rest.forEach((row) => {
      row.hidden = true;
    });
    const more = el(
      "button",
      { type: "button", class: "more" },
      `Show all ${count(rows.length)}`,
    );
    more.addEventListener("click", () => {
      rest.forEach((row) => {
        row.hidden = false;
      });
      more.remove();
    });
    parts.push(more);
  }
  return parts;
}

/** Columns without those that are empty in every row. */
function filled(columns, rows) {
  const isUsed = (at) => rows.some((row) => row[at] !== "" && row[at] !== null);
  const kept = columns
    .map((_, at) => at)
    .filter((at) => isUsed(at) || columns[at].always);
  return [
    kept.map((at) => columns[at]),
    rows.map((row) => kept.map((at) => row[at])),
  ];
}

function figureColumns(run) {
  return run.latency.columns.map((title) => ({ title, class: "number" }));
}

function tagsCard(run, title) {
  const layers = run.course.size > 0 ? ratedLayers(run.course) : [];
  const colour = (tag) =>
    layers[tag.layer]?.colour ??
    { ok: "ok-1", fail: "fail-1", fault: "fault-1" }[tag.outcome];
  const rows = run.tags.map((tag) => [
    tag.operation,
    el(
      "span",
      { class: "swatched" },
      painted(el("i", { class: "swatch" }), "background", colour(tag)),
      el("code", null, tag.tag),
    ),
    outcome(tag.outcome),
    tag.count,
    [el("span", { class: "bar" }, filledBar(tag.part, colour(tag))), tag.share],
    tag.rate,
    tag.spark.length > 1 ? spark(tag, colour(tag)) : "",
    ...tag.figures,
  ]);
  const columns = [
    { title: "Operation", class: "tag" },
    { title: "Tag", class: "tag", row: true },
    { title: "Counts as" },
    { title: "Calls", class: "number" },
    { title: "Share", class: "number" },
    { title: "per second", class: "number" },
    { title: "Over time", class: "number" },
    ...figureColumns(run),
  ];
  const inside =
    rows.length > 0
      ? longTable(title, ...filled(columns, rows))
      : el("p", { class: "quiet" }, "No call ended.");
  return card("", title, rows.length > 0 ? run.latency.shown : "", inside);
}

/** Has an element take a colour, now and when the theme changes. */
function painted(element, property, colour) {
  const paint = () => {
    element.style[property] = Theme.colour(colour);
  };
  paint();
  Theme.listeners.push(paint);
  return element;
}

function filledBar(part, colour) {
  const bar = painted(el("i", null), "background", colour);
  bar.style.width = `${part * 100}%`;
  return bar;
}

/** The shape of counts over time. */
function spark(tag, colour) {
  const last = tag.spark.length - 1;
  const points = tag.spark
    .map((value, at) => `${(at / last) * 106 + 1},${20 - value * 0.18}`)
    .join(" ");
  const image = svg("svg", {
    class: "spark",
    viewBox: "0 0 108 22",
    role: "img",
    "aria-label": `calls with ${tag.tag} over time`,
  });
  image.append(painted(svg("polyline", { points }), "stroke", colour));
  return image;
}

function measurementsCard(run, title) {
  if (run.measurements.length === 0) return null;
  const columns = [
    { title: "Operation", class: "tag" },
    { title: "Measurement", class: "tag", row: true },
    { title: "in calls with", class: "tag" },
    { title: "Counts as" },
    { title: "Samples", class: "number" },
    ...figureColumns(run),
  ];
  const rows = run.measurements.map((one) => [
    one.operation,
    one.name,
    el("code", null, one.tag),
    outcome(one.outcome),
    one.count,
    ...one.figures,
  ]);
  return card(
    "",
    title,
    "what the operation timed itself",
    longTable(title, ...filled(columns, rows)),
  );
}

function checksCard(run, kind, title) {
  if (run.checks.length === 0) return null;
  const columns = [
    { title: "Check", class: "tag", row: true },
    { title: "passed", class: "number" },
    { title: "failed", class: "number" },
    { title: "Share passed", class: "number" },
  ];
  const rows = run.checks.map((check) => [
    check.name,
    check.passed,
    check.failed,
    el("span", { class: `text-${check.mood}` }, check.share),
  ]);
  return card(
    kind,
    title,
    "what the operation expected",
    longTable(title, columns, rows),
  );
}

function countersCard(run, kind, title) {
  if (run.counters.length === 0) return null;
  const columns = [
    { title: "Counter", class: "tag", row: true },
    { title: "total", class: "number" },
    { title: "per second", class: "number" },
  ];
  return card(
    kind,
    title,
    "what the operation counted",
    longTable(title, columns, run.counters),
  );
}

function failuresCard(run, title) {
  if (run.failures.length === 0 && !run.failures_beyond) return null;
  const columns = [
    { title: "Operation", class: "tag" },
    { title: "Tag", class: "tag", row: true },
    { title: "Counts as" },
    { title: "Message", class: "wrap" },
    { title: "Count", class: "number" },
    { title: "First at", class: "number" },
    { title: "First", class: "nowrap" },
  ];
  const rows = run.failures.map((one) => [
    one.operation,
    el("code", null, one.tag),
    outcome(one.outcome),
    one.message || el("span", { class: "quiet" }, NONE),
    one.count,
    one.at,
    one.first,
  ]);
  const inside =
    rows.length > 0 ? longTable(title, ...filled(columns, rows)) : null;
  const beyond = run.failures_beyond
    ? el("p", { class: "note" }, run.failures_beyond)
    : null;
  return card("", title, "equal messages together", inside, beyond);
}

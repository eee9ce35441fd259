// The head of the page and the cards without charts.

function head(run, comparison, actions) {
  return el(
    "header", { class: "head" },
    el(
      "div", null,
      el("div", { class: "brand" }, el("b", null, "GORGON"), comparison ? " comparison" : " run report"),
      el("div", null, el("h1", null, run.name), pill(comparison ? comparison.pill : run.pill)),
      el("div", { class: "meta" }, run.meta.map((part, at) => [at > 0 ? " · " : null, el("span", { class: "part" }, part)])),
      comparison ? el("div", { class: "meta" }, `against ${comparison.baseline}`) : null,
      el("div", { class: `conclusion text-${run.conclusion.mood}` }, run.conclusion.text),
    ),
    actions,
  );
}

/** A value with its unit set apart. */
function valueWithUnit({ value, unit }) {
  const split = unit ? null : value.match(/^(.*\d)\s*(ns|µs|ms|s|%)$/);
  const [number, after] = split ? [split[1], split[2]] : [value, value === NONE ? "" : unit];
  return el("dd", null, number, after ? el("small", null, after) : null);
}

function keyFigures(run) {
  return el("dl", { class: "figures" }, run.figures.map((figure) =>
    el(
      "div", { class: "figure" },
      el("dt", null, figure.label),
      valueWithUnit(figure),
      figure.change ? el("dd", { class: `under text-${figure.change.mood}` }, figure.change.text) : null,
      el("dd", { class: `under text-${figure.mood}` }, figure.note),
    )));
}

/** What changed, how sure that is, and what the comparison was held to. */
function againstCard(comparison) {
  const columns = [
    { title: "Figure", row: true, class: "nowrap" }, { title: "Baseline", class: "number" }, { title: "This run", class: "number" },
    { title: "Change", class: "number" }, { title: "where it is likely to be", class: "number" }, { title: "Verdict", class: "number" },
  ];
  const rows = comparison.figures.map((one) => [one.figure, one.baseline, one.here, one.change, one.interval, pill(one.verdict)]);
  const remarks = comparison.remarks.length > 0 ? el("ul", { class: "findings below" }, comparison.remarks.map(finding)) : null;
  const inside = scroll("Against baseline", table("Against baseline", columns, rows));
  return card(comparison.rules.length > 0 ? "two-thirds" : "", "Against baseline", comparison.note, inside, remarks);
}

function rulesTable(name, rules) {
  const columns = [{ title: "Fails if", row: true, class: "rule" }, { title: "Measured", class: "number" }, { title: "Verdict", class: "number" }];
  const rows = rules.map((rule) => [
    [rule.rule, rule.why ? el("span", { class: "why" }, rule.why) : null],
    rule.measured,
    pill(rule.verdict),
  ]);
  return scroll(name, table(name, columns, rows));
}

function thresholdsCard(kind, title, { note, rules }) {
  if (rules.length === 0) {
    return card(
      kind, title, note,
      el("p", { class: "quiet" }, "The run was held to none. ", el("code", null, "--fail-if 'p99 > 150ms'"), " makes it fail where it is slower than that."),
    );
  }
  return card(kind, title, note, rulesTable(title, rules));
}

const SIGNS = { good: "✓", warn: "!", bad: "✗", plain: "i" };

function finding(item) {
  return el(
    "li", null,
    el("span", { class: `sign text-${item.mood}` }, SIGNS[item.mood]),
    el("span", { class: "what" }, item.text),
    item.evidence ? el("span", { class: "evidence" }, item.evidence) : null,
  );
}

function trustCard(kind, title, run) {
  const { verdict, items } = run.trust;
  const inside = items.length > 0
    ? el("ul", { class: "findings" }, items.map(finding))
    : el("p", { class: "quiet" }, "Nobody looked: the run is more than one, or did not come to its end.");
  return card(kind, title, pill(verdict), inside);
}

/** Something in place of the charts where there is nothing to draw. */
function missingCard(run) {
  return card("", "Over time", "", el("p", { class: "quiet" }, run.course.missing), latencyFigures(run));
}

function factsCard(kind, title, remark, facts) {
  if (facts.length === 0) return null;
  const list = el("dl", { class: "facts" }, facts.map((fact) => [
    el("dt", null, fact.label || el("span", { class: "unseen" }, "also")),
    el("dd", { class: [fact.is_code ? "code" : "", fact.is_bad ? "bad" : ""].join(" ").trim() }, fact.text),
  ]));
  return card(kind, title, remark, list);
}

// The head of the page and the cards without charts.

function head(run, actions) {
  return el(
    "header", { class: "head" },
    el(
      "div", null,
      el("div", { class: "brand" }, el("b", null, "GORGON"), " run report"),
      el("div", null, el("h1", null, run.name), pill(run.pill)),
      el("div", { class: "meta" }, run.meta.map((part, at) => [at > 0 ? " · " : null, el("span", { class: "part" }, part)])),
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
      el("dd", { class: `under text-${figure.mood}` }, figure.note),
    )));
}

function thresholdsCard(run) {
  const { note, rules } = run.thresholds;
  if (rules.length === 0) {
    return card(
      "third", "Thresholds", note,
      el("p", { class: "quiet" }, "The run was held to none. ", el("code", null, "--fail-if 'p99 > 150ms'"), " makes it fail where it is slower than that."),
    );
  }
  const columns = [{ title: "Fails if", row: true, class: "rule" }, { title: "Measured", class: "number" }, { title: "Verdict", class: "number" }];
  const rows = rules.map((rule) => [
    [rule.rule, rule.why ? el("span", { class: "why" }, rule.why) : null],
    rule.measured,
    pill(rule.verdict),
  ]);
  return card("third", "Thresholds", note, scroll("Thresholds", table("Thresholds", columns, rows)));
}

const SIGNS = { good: "✓", warn: "!", bad: "✗", plain: "i" };

function trustCard(run) {
  const { verdict, items } = run.trust;
  const finding = (item) => el(
    "li", null,
    el("span", { class: `sign text-${item.mood}` }, SIGNS[item.mood]),
    el("span", { class: "what" }, item.text),
    item.evidence ? el("span", { class: "evidence" }, item.evidence) : null,
  );
  const inside = items.length > 0
    ? el("ul", { class: "findings" }, items.map(finding))
    : el("p", { class: "quiet" }, "Nobody looked: the run is more than one, or did not come to its end.");
  return card("two-thirds", "Can these numbers be trusted?", pill(verdict), inside);
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

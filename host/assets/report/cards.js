// The head of the page and the cards without charts.

function head(run, actions) {
  return el(
    "header",
    { class: "head" },
    el(
      "div",
      null,
      el("div", { class: "brand" }, el("b", null, "GORGON"), " run report"),
      el("div", null, el("h1", null, run.name), pill(run.pill)),
      el(
        "div",
        { class: "meta" },
        run.meta.map((part, at) => [
          at > 0 ? " · " : null,
          el("span", { class: "part" }, part),
        ]),
      ),
      el(
        "div",
        { class: `conclusion text-${run.conclusion.mood}` },
        run.conclusion.text,
      ),
    ),
    actions,
  );
}

function comparisonHead(comparison, actions) {
  const side = ([letter, what], at) =>
    el(
      "div",
      { class: "meta" },
      el("b", null, letter),
      ` ${what}`,
      at === 0 ? " · the baseline" : "",
    );
  return el(
    "header",
    { class: "head" },
    el(
      "div",
      null,
      el("div", { class: "brand" }, el("b", null, "GORGON"), " comparison"),
      el("div", null, el("h1", null, comparison.title), pill(comparison.pill)),
      comparison.sides.map(side),
    ),
    actions,
  );
}

/** A value with its unit set apart. */
function valueWithUnit({ value, unit }) {
  const split = unit ? null : value.match(/^(.*\d)\s*(ns|µs|ms|s|%)$/);
  const [number, after] = split
    ? [split[1], split[2]]
    : [value, value === NONE ? "" : unit];
  return el("dd", null, number, after ? el("small", null, after) : null);
}

function keyFigures(run) {
  return el(
    "dl",
    { class: "figures" },
    run.figures.map((figure) =>
      el(
        "div",
        { class: "figure" },
        el("dt", null, figure.label),
        valueWithUnit(figure),
        figure.change
          ? el(
              "dd",
              { class: `under text-${figure.change.mood}` },
              figure.change.text,
            )
          : null,
        el("dd", { class: `under text-${figure.mood}` }, figure.note),
      ),
    ),
  );
}

/** What a side has different from the baseline, and how sure that is. */
function againstCard(kind, comparison, { a, b, figures }) {
  const columns = [
    { title: "Figure", row: true, class: "nowrap" },
    { title: `${a}, baseline`, class: "number" },
    { title: b, class: "number" },
    { title: `${b} − ${a}`, class: "number" },
    { title: "Interval", class: "number" },
    { title: "Verdict", class: "number" },
  ];
  const title = `${b} against ${a}`;
  const rows = figures.map((one) => [
    one.figure,
    one.of_a,
    one.of_b,
    one.change,
    one.interval,
    pill(one.verdict),
  ]);
  return card(
    kind,
    title,
    comparison.note,
    scroll(title, table(title, columns, rows)),
  );
}

/** What to know about a comparison. */
function remarksCard(comparison) {
  if (comparison.remarks.length === 0) return null;
  return card(
    "",
    "About this comparison",
    "",
    el("ul", { class: "findings" }, comparison.remarks.map(verbatim)),
  );
}

function rulesTable(name, rules) {
  const columns = [
    { title: "Fails if", row: true, class: "rule" },
    { title: "Measured", class: "number" },
    { title: "Verdict", class: "number" },
  ];
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
      kind,
      title,
      note,
      el(
        "p",
        { class: "quiet" },
        "The run was held to none. ",
        el("code", null, "--fail-if 'p99 > 150ms'"),
        " makes it fail where it is slower than that.",
      ),
    );
  }
  return card(kind, title, note, rulesTable(title, rules));
}

const SIGNS = { good: "✓", warn: "!", bad: "✗", plain: "i" };

function listed(item, textClass) {
  return el(
    "li",
    null,
    el("span", { class: `sign text-${item.mood}` }, SIGNS[item.mood]),
    el("span", { class: `what ${textClass(item.text)}` }, item.text),
    item.evidence
      ? el(
          "span",
          { class: `evidence ${textClass(item.evidence)}` },
          item.evidence,
        )
      : null,
  );
}

/** A finding in sentences. What begins with something quoted stays as it is. */
function finding(item) {
  return listed(item, (text) => (/^\p{L}/u.test(text) ? "sentence" : ""));
}

/** A finding that may begin with a name, which has no capital of its own. */
function verbatim(item) {
  return listed(item, () => "");
}

function trustCard(kind, title, run, show = finding) {
  const { verdict, items } = run.trust;
  const inside =
    items.length > 0
      ? el("ul", { class: "findings" }, items.map(show))
      : el(
          "p",
          { class: "quiet" },
          "Nobody looked: the run is more than one, or did not come to its end.",
        );
  return card(kind, title, pill(verdict), inside);
}

/** Something in place of the charts where there is nothing to draw. */
function missingCard(run) {
  return card(
    "",
    "Over time",
    "",
    el("p", { class: "quiet" }, run.course.missing),
    latencyFigures(run),
  );
}

/** Text whose lines end between words, never within a flag. */
function words(text) {
  return text
    .split(" ")
    .map((word, at) => [
      at > 0 ? " " : null,
      el("span", { class: "word" }, word),
    ]);
}

function factsCard(kind, title, remark, facts) {
  if (facts.length === 0) return null;
  const list = el(
    "dl",
    { class: "facts" },
    facts.map((fact) => [
      el("dt", null, fact.label || el("span", { class: "unseen" }, "also")),
      el(
        "dd",
        {
          class: [fact.is_code ? "code" : "", fact.is_bad ? "bad" : ""]
            .join(" ")
            .trim(),
        },
        fact.is_code ? words(fact.text) : fact.text,
      ),
    ]),
  );
  return card(kind, title, remark, list);
}

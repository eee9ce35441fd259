// Puts the page of a suite together.

function suiteHead(page) {
  const button = (text, title, act) => {
    const made = el("button", { type: "button", title }, text);
    made.addEventListener("click", act);
    return made;
  };
  return el(
    "header",
    { class: "head" },
    el(
      "div",
      null,
      el("div", { class: "brand" }, el("b", null, "GORGON"), " suite report"),
      el("div", null, el("h1", null, page.name), pill(page.trust.verdict)),
      el(
        "div",
        { class: "meta" },
        page.meta.map((part, at) => [
          at > 0 ? " · " : null,
          el("span", { class: "part" }, part),
        ]),
      ),
      el(
        "div",
        { class: `conclusion text-${page.conclusion.mood}` },
        page.conclusion.text,
      ),
    ),
    el(
      "div",
      { class: "actions" },
      button("Save data (JSON)", "What --json writes", () =>
        saveDocument(page, 0),
      ),
      button("◐ Theme", "Light or dark", () => Theme.toggle()),
    ),
  );
}

function runsCard(page) {
  const columns = [
    { title: "Run", row: true, class: "run" },
    { title: "With", class: "tag" },
    ...page.columns.map((title) => ({ title, class: "number" })),
    { title: "Verdict", class: "number" },
  ];
  const rows = page.runs.map((run) => [
    [
      run.name,
      el("span", { class: "why" }, el("code", null, words(run.command))),
    ],
    run.with,
    ...run.figures,
    pill(run.verdict),
  ]);
  return card("", "Runs", "", longTable("Runs", ...filled(columns, rows)));
}

function showSuite(page) {
  const hasRules = page.thresholds.rules.length > 0;
  const hasTrust = page.trust.items.length > 0;
  const trust = hasTrust
    ? trustCard(
        hasRules ? "two-thirds" : "",
        "Can these numbers be trusted?",
        page,
        verbatim,
      )
    : null;
  const rules = hasRules
    ? thresholdsCard(hasTrust ? "third" : "", "Thresholds", page.thresholds)
    : null;
  document.getElementById("page").append(
    suiteHead(page),
    el(
      "main",
      { class: "grid" },
      [rules, trust].filter(Boolean),
      runsCard(page),
      page.growth.flatMap((growth) => [
        growthRateChart(growth).element,
        growthLatencyChart(growth).element,
        growthTable(growth),
      ]),
      factsCard("", "How to repeat this suite", "", page.repeat),
    ),
    el(
      "footer",
      { class: "end" },
      "One file, no network access. Numbers mean what docs/numbers.md and docs/suites.md of gorgon say.",
    ),
  );
  Charts.rebuild();
  Theme.listeners.push(() => Charts.rebuild());
}

Theme.start();
showSuite(island("page-data"));

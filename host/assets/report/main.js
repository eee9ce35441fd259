// Puts the page together, from the verdict down to how to repeat the run.

function button(text, title, act) {
  const made = el("button", { type: "button", title }, text);
  made.addEventListener("click", act);
  return made;
}

function actions(runs) {
  const of = (run) => (runs.length > 1 ? ` of ${run.label}` : "");
  const buttons = runs.map((run, index) =>
    button(`Save data${of(run)} (JSON)`, "What --json writes", () =>
      saveDocument(run, index),
    ),
  );
  for (const run of runs.filter((one) => one.course.size > 0)) {
    buttons.push(
      button(
        `Save series${of(run)} (CSV)`,
        "The stretches that are drawn",
        () => saveSeries(run),
      ),
    );
  }
  buttons.push(button("◐ Theme", "Light or dark", () => Theme.toggle()));
  return el("div", { class: "actions" }, buttons);
}

/** The charts over time and the spectrum, or why there are none. */
function charts(runs) {
  const [run] = runs;
  const overTime =
    run.course.size > 0
      ? [latencyChart(runs), rateChart(runs)]
      : [missingCard(run)];
  const named = (of) =>
    runs.length > 1 ? `Latency heat map, ${of.label}` : "Latency heat map";
  const mapped = runs.filter((of) => of.course.heat);
  const shared = {
    low: extent(mapped.map((of) => of.course.heat.edges_ns[0]))[0],
    high: extent(mapped.map((of) => of.course.heat.edges_ns.at(-1)))[1],
    most: extent(mapped.map((of) => of.course.heat.most))[1],
  };
  const maps = mapped.map(
    (of) => (kind) => heatChart(of, kind, named(of), shared),
  );
  const spectrum =
    run.spectrum.length > 0 ? [(kind) => spectrumChart(runs, kind)] : [];
  // Two share a line, and what is left alone has all of one.
  const halves = [...spectrum, ...maps];
  const isAlone = (at) => halves.length % 2 === 1 && at === 0;
  return [
    ...overTime,
    ...halves.map((make, at) => make(isAlone(at) ? "" : "half")),
  ].map((one) => one.element ?? one);
}

/** The tables of a run. */
function tables(run, suffix) {
  const pair = [
    checksCard(run, "half", `Checks${suffix}`),
    countersCard(run, "half", `Counters${suffix}`),
  ].filter(Boolean);
  if (pair.length === 1) pair[0].classList.remove("half");
  return [
    tagsCard(run, `Results by tag${suffix}`),
    measurementsCard(run, `Measured inside of calls${suffix}`),
    ...pair,
    failuresCard(run, `Failures, grouped${suffix}`),
  ];
}

/** What a page says of one run. */
function ofOne(run) {
  const used = factsCard("half", "What the calls used", "", run.environment);
  return [
    keyFigures(run),
    thresholdsCard("third", "Thresholds", run.thresholds),
    trustCard("two-thirds", "Can these numbers be trusted?", run),
    charts([run]),
    tables(run, ""),
    used,
    factsCard(used ? "half" : "", "How to repeat this run", "", run.repeat),
  ];
}

/** Two share a line, and the last of an odd number has one of its own. */
function paired(all, make) {
  return all.map((one, at) =>
    make(at % 2 === 0 && at === all.length - 1 ? "" : "half", one),
  );
}

/** What a page says of runs beside a baseline, or of operations that shared one run. */
function ofSeveral(runs, comparison) {
  const { against, rules, is_one_run: isOneRun } = comparison;
  const numbers = (run) =>
    isOneRun ? "these numbers" : `the numbers of ${run.label}`;
  const which = (run) => (isOneRun ? "this run" : run.label);
  const told = isOneRun ? runs.slice(0, 1) : runs;
  return [
    keyFigures(runs[0]),
    against.map((one) =>
      againstCard(
        rules.length > 0 && against.length === 1 ? "two-thirds" : "",
        comparison,
        one,
      ),
    ),
    rules.length > 0
      ? thresholdsCard(against.length === 1 ? "third" : "", "Held to", {
          note: "",
          rules,
        })
      : null,
    remarksCard(comparison),
    paired(told, (kind, run) =>
      trustCard(kind, `Can ${numbers(run)} be trusted?`, run),
    ),
    charts(runs),
    runs.map((run) => tables(run, `, ${run.label}`)),
    paired(told, (kind, run) =>
      factsCard(kind, `How to repeat ${which(run)}`, "", run.repeat),
    ),
  ];
}

function show(page) {
  const longest = (run) =>
    run.latency.rows[0].figures[run.latency.columns.indexOf("max")];
  const runs = page.runs.map((run) => ({
    ...run,
    course: expanded(run.course),
    max: longest(run),
  }));
  const { comparison } = page;
  document
    .getElementById("page")
    .append(
      comparison
        ? comparisonHead(comparison, actions(runs))
        : head(runs[0], actions(runs)),
      el(
        "main",
        { class: "grid" },
        comparison ? ofSeveral(runs, comparison) : ofOne(runs[0]),
      ),
      el(
        "footer",
        { class: "end" },
        "One file, no network access. Numbers mean what docs/numbers.md of gorgon says.",
      ),
    );
  Charts.rebuild();
  Theme.listeners.push(() => Charts.rebuild());
}

Theme.start();
show(island("page-data"));

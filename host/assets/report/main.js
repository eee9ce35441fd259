// Puts the page together, from the verdict down to how to repeat the run.

function button(text, title, act) {
  const made = el("button", { type: "button", title }, text);
  made.addEventListener("click", act);
  return made;
}

function actions(runs) {
  const buttons = runs.map((run, index) =>
    button(runs.length > 1 ? `Save data: ${run.label} (JSON)` : "Save data (JSON)", "What --json writes", () => saveDocument(run, index)));
  if (runs[0].course.size > 0) buttons.push(button("Save series (CSV)", "The stretches that are drawn", () => saveSeries(runs[0])));
  buttons.push(button("◐ Theme", "Light or dark", () => Theme.toggle()));
  return el("div", { class: "actions" }, buttons);
}

/** The charts over time and the spectrum, or why there are none. */
function charts(runs) {
  const [run] = runs;
  const made = [];
  if (run.course.size === 0) made.push(missingCard(run));
  else made.push(latencyChart(runs), rateChart(runs));
  const hasSpectrum = run.spectrum.length > 0;
  const heat = run.course.heat ?? null;
  if (hasSpectrum) made.push(spectrumChart(runs));
  if (heat) made.push(heatChart(run));
  // One of the two alone has all the room.
  if (hasSpectrum !== (heat !== null)) made.at(-1).element.classList.replace("half", "wide");
  return made.map((one) => one.element ?? one);
}

function show(page) {
  const runs = page.runs.map((run) => ({ ...run, course: expanded(run.course), max: run.latency.rows[0].figures[run.latency.columns.indexOf("max")] }));
  const [run] = runs;
  const pair = [checksCard(run, "half"), countersCard(run, "half")].filter(Boolean);
  if (pair.length === 1) pair[0].classList.remove("half");
  const failures = failuresCard(run, "");
  document.getElementById("page").append(
    head(run, actions(runs)),
    el(
      "main", { class: "grid" },
      keyFigures(run),
      thresholdsCard(run),
      trustCard(run),
      charts(runs),
      tagsCard(run),
      [measurementsCard(run), pair, failures].flat().filter(Boolean),
      factsCard("half", "What the calls used", "", run.environment),
      factsCard(run.environment.length > 0 ? "half" : "", "How to repeat this run", "", run.repeat),
    ),
    el("footer", { class: "end" }, "One file, no network access. Numbers mean what docs/numbers.md of gorgon says."),
  );
  Charts.rebuild();
  Theme.listeners.push(() => Charts.rebuild());
}

Theme.start();
show(island("page-data"));

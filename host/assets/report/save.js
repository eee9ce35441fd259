// What can be saved from the page.

/** Has the browser save text as a file. */
function save(name, type, text) {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A name for a file. What a run is called may hold anything. */
function fileName(run, ending) {
  const name = run.id.replace(/[^\w.-]+/g, "-").slice(0, 80) || "run";
  return `gorgon-${name}.${ending}`;
}

/** The document of a run, as `--json` writes it. */
function saveDocument(run, index) {
  save(fileName(run, "json"), "application/json", `${document.getElementById(`document-${index}`).textContent}\n`);
}

/** The stretches of a run, with the columns of `--csv`. */
function saveSeries(run) {
  const { course } = run;
  const [p50, p90, p99] = course.lines.map((line) => line.alone);
  const columns = {
    from_ns: course.edgesNs, to_ns: course.edgesNs.slice(1), calls: course.calls, ok: course.ok, fail: course.fail, fault: course.fault,
    warmup: course.warmup, p50_ns: p50, p90_ns: p90, p99_ns: p99, max_ns: course.max_ns,
  };
  const lines = [Object.keys(columns).join(",")];
  for (let at = 0; at < course.size; at += 1) {
    lines.push(Object.entries(columns).map(([name, values]) => values[at] ?? (name === "warmup" ? 0 : "")).join(","));
  }
  save(fileName(run, "csv"), "text/csv", `${lines.join("\n")}\n`);
}

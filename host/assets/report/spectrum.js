// All percentiles, over how rare they are: each step to the right is ten times rarer, as HdrHistogram's plots have it.

/** One call in so many exceeds a percentile. */
function rarity(p) {
  return 1 / (1 - p / 100);
}

function spectrumChart(runs) {
  const lines = runs.flatMap((run, at) => run.spectrum.map((spectrum, nth) => ({
    ...spectrum,
    label: runs.length > 1 ? `${spectrum.label}, ${run.label}` : spectrum.label,
    colour: at > 0 ? "baseline" : nth > 0 ? "p90" : "p50",
    dash: at > 0 ? (nth > 0 ? [2, 3] : [7, 4]) : nth > 0 ? [3, 3] : undefined,
    last: spectrum.points.at(-1),
  }))).filter((line) => !(runs.length > 1 && line.label.startsWith("service") && runs[0].spectrum.length > 1));
  const longest = lines.reduce((most, line) => (line.points.length > most.points.length ? line : most), lines[0]);
  const rarest = longest.points.map(([p]) => p);
  const at = (line, index) => (index < line.points.length ? line.points[index][1] : null);
  const named = (p) => (p === 0 ? "the shortest" : `p${Number(p.toPrecision(6))}`);
  const shown = (line, index) => (index < line.points.length ? duration(line.points[index][1]) : NONE);
  return new Chart({
    kind: "half", title: "Percentile spectrum", isTime: false, height: 270,
    remark: "each step right is ten times rarer",
    said: `Latency by percentile: ${lines.map((line) => `${line.label} from ${duration(line.points[0][1])} to ${duration(line.last[1])} at ${named(line.last[0])}`).join("; ")}.`,
    keys: lines.map((line) => ({
      label: line.label, colour: line.colour, shape: line.dash ? "dashed" : "", whole: `${line.ends_in_bound ? "> " : ""}${duration(line.last[1])} at ${named(line.last[0])}`,
      at: (index) => shown(line, index),
    })),
    read: (index) => `at ${named(rarest[index])}`,
    make: (hidden) => ({
      data: [rarest.map(rarity), ...lines.map((line) => rarest.map((_, index) => at(line, index)))],
      options: {
        scales: { x: { time: false, distr: 3, range: (plot, min, max) => [Math.max(1, min), Math.max(10, max)] }, y: durationScale() },
        axes: [
          axis({
            size: 28, gap: 6, filter: (plot, splits) => splits, splits: (plot, index, min, max) => rareSplits(min, max),
            values: (plot, splits) => splits.map((value) => (value === 1 ? "p0" : `p${Number((100 - 100 / value).toFixed(7))}`)),
          }),
          durationAxis(),
        ],
        series: [{}, ...lines.map((line, index) => ({
          show: !hidden.has(index), stroke: Theme.colour(line.colour), width: 2, dash: line.dash, points: { show: false },
        }))],
      },
    }),
    rows: () => ({
      columns: ["Percentile", ...lines.map((line) => line.label)],
      rows: rarest.map((p, index) => [named(p), ...lines.map((line) => shown(line, index))]),
    }),
  });
}

function rareSplits(min, max) {
  const splits = [];
  for (let value = 1; value <= max * 1.001; value *= 10) {
    for (const part of [1, 2]) if (value * part >= min * 0.999 && value * part <= max * 1.001 && (part === 1 || value === 1)) splits.push(value * part);
  }
  return splits;
}

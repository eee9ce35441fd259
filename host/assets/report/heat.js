// Latency over time as a map: the darker (or, on dark, the brighter) a cell, the more calls. It shows what percentiles
// hide: two kinds of calls side by side, and a few that stand apart.

function heatChart(run) {
  const { course } = run;
  const heat = course.heat;
  const columns = heat.columns.map((column, at) => {
    const first = at * heat.stretches;
    const last = Math.min(course.size, first + heat.stretches);
    return { from: course.edges[first], to: course.edges[last], row: column[0] ?? 0, counts: column.slice(1) };
  });
  const middles = columns.map((column) => (column.from + column.to) / 2);
  const edges = heat.edges_ns;
  const ramp = el("span", { class: "ramp" });
  const remark = el("span", null, "calls in a cell", ramp, `1 – ${count(heat.most)}`);
  const reading = (index, plot) => {
    const column = columns[index];
    const text = `${clock(column.from, column.to - column.from < 1 ? 1 : 0)}`;
    const ns = plot.posToVal(plot.cursor.top, "y");
    const row = edges.findIndex((edge) => edge > ns) - 1;
    if (plot.cursor.top < 0 || row < 0) return text;
    const calls = column.counts[row - column.row] ?? 0;
    return `${text} · ${duration(edges[row])} – ${duration(edges[row + 1])} · ${count(calls)} ${calls === 1 ? "call" : "calls"}`;
  };
  const chart = new Chart({
    kind: "half", title: "Latency heat map", isTime: true, height: 270, remark,
    said: `How many calls took how long over time, in ${columns.length} columns and ${edges.length - 1} rows from ${duration(edges[0])} to ${duration(edges.at(-1))}.`,
    keys: [],
    read: reading,
    make: () => ({
      data: [middles, middles.map(() => null)],
      options: {
        scales: {
          x: { time: false, range: () => Charts.range ?? [course.edges[0], course.edges.at(-1)] },
          y: { distr: 3, range: () => [edges[0], edges.at(-1)] },
        },
        axes: [timeAxis(), durationAxis()],
        series: [{}, { points: { show: false } }],
        cursor: { y: true, points: { show: false } },
        hooks: { draw: [(plot) => drawHeat(plot, columns, edges, heat.most, ramp)] },
      },
    }),
    rows: () => ({
      columns: ["Time", ...edges.slice(0, -1).map((edge) => `from ${duration(edge)}`)],
      rows: columns.map((column) => [
        clock(column.from, 1), ...edges.slice(0, -1).map((_, row) => count(column.counts[row - column.row] ?? 0)),
      ]),
    }),
  });
  chart.readout.before(el("span", { class: "readout hint" }, "point at a cell for its count"));
  return chart;
}

/** The colours of the map from one call to the most, in so many steps. */
function heatColours(steps) {
  const stops = Theme.colour("heat").split(" ").map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return Array.from({ length: steps }, (_, step) => {
    const place = (step / (steps - 1)) * (stops.length - 1);
    const low = Math.min(Math.floor(place), stops.length - 2);
    const mixed = stops[low].map((from, part) => Math.round(from + (stops[low + 1][part] - from) * (place - low)));
    return `rgb(${mixed.join(" ")})`;
  });
}

function drawHeat(plot, columns, edges, most, ramp) {
  const colours = heatColours(64);
  // One call is a colour of its own, and each tenfold the same step from there.
  const scale = Math.log(1 + most);
  const colour = (calls) => colours[Math.round((Math.log(1 + calls) / scale) * 63)];
  ramp.style.background = `linear-gradient(90deg, ${[0.15, 0.4, 0.7, 1].map((part) => colours[Math.round(part * 63)]).join(", ")})`;
  const y = edges.map((edge) => Math.round(plot.valToPos(edge, "y", true)));
  within(plot, (ctx) => {
    for (const { from, to, row, counts } of columns) {
      const left = Math.round(plot.valToPos(from, "x", true));
      const width = Math.max(1, Math.round(plot.valToPos(to, "x", true)) - left);
      counts.forEach((calls, at) => {
        if (calls === 0) return;
        ctx.fillStyle = colour(calls);
        ctx.fillRect(left, y[row + at + 1], width, y[row + at] - y[row + at + 1]);
      });
    }
  });
}

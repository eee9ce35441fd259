// Latency over time: percentiles and the longest call of each stretch.

function latencyChart(runs) {
  const [run, ...others] = runs;
  const { course } = run;
  const lines = course.lines.map((line, at) => ({
    label: line.label, whole: line.whole, values: line.values, colour: ["p50", "p90", "p99"][at] ?? "p99", width: 2, spans: line.spans,
    paths: line.spans.some(([, span]) => span > 1) ? plateaus(course, line.spans) : undefined,
  }));
  lines.push({
    label: "max", whole: run.max, values: course.max_ns, colour: "max", width: 1.25, dash: [4, 3],
  });
  const overlaid = others.filter((other) => other.course.size > 0).flatMap((other) =>
    other.course.lines.filter((line) => line.label === "p50" || line.label === "p99").map((line) => ({
      label: `${line.label} ${other.label}`, whole: line.whole, colour: "baseline", width: 1.5,
      dash: line.label === "p50" ? [2, 3] : [7, 4],
      values: aligned(course, other.course, line.values),
    })));
  const all = [...overlaid, ...lines];
  const limits = course.limits;
  return new Chart({
    kind: "", title: "Latency over time", isTime: true, height: 290,
    remark: `${run.latency.shown} · drag to zoom, double-click to reset`,
    said: `Latency over ${duration(course.edgesNs.at(-1) - course.edgesNs[0])}, on a logarithmic scale. ` +
      `Over the whole run: ${lines.map((line) => `${line.label} ${line.whole}`).join(", ")}.` +
      (course.failing.length > 0 ? ` ${course.failing[0].text} in ${course.failing.length} places, first at ${clock(course.failing[0].from_ns / 1e9)}.` : ""),
    keys: [...lines, ...overlaid].map((line) => ({
      label: line.label, colour: line.colour, shape: line.dash ? "dashed" : "", whole: line.whole, at: (index) => over(course, line, index),
    })),
    read: (index) => when(course, index),
    make: (hidden) => ({
      data: [course.middles, ...all.map((line) => line.values)],
      options: {
        scales: { x: { time: false, range: () => Charts.range ?? [course.edges[0], course.edges.at(-1)] }, y: durationScale(limits.map((limit) => limit.ns)) },
        axes: [timeAxis(), durationAxis()],
        series: [{}, ...all.map((line) => ({
          show: !hidden.has([...lines, ...overlaid].indexOf(line)),
          stroke: Theme.colour(line.colour), width: line.width, dash: line.dash, paths: line.paths, points: { show: course.size < 3 },
        }))],
        hooks: { drawAxes: [shade(course, true)], draw: [limitLines(limits)] },
      },
    }),
    rows: () => ({
      columns: ["Time", ...all.map((line) => line.label)],
      rows: course.middles.map((_, at) => [when(course, at), ...all.map((line) => known(line.values[at]))]),
    }),
    below: latencyFigures(run),
  });
}

/** A value under the cursor, and over how long it is where that is more than one stretch. */
function over(course, line, index) {
  const [first, span] = line.spans?.[index] ?? [index, 1];
  const text = known(line.values[index]);
  return span === 1 || text === NONE ? text : `${text} over ${duration(course.edgesNs[first + span] - course.edgesNs[first])}`;
}

/** A line that is level where a value is of several stretches together. */
function plateaus(course, spans) {
  return (plot, series, first, last) => {
    const stroke = new Path2D();
    const values = plot.data[series];
    let isOpen = false;
    for (let at = spans[first][0]; at <= last; at += spans[at][1]) {
      const value = values[at];
      if (value === null) {
        isOpen = false;
        continue;
      }
      const y = plot.valToPos(value, "y", true);
      const ends = [course.edges[at], course.edges[at + spans[at][1]]].map((edge) => plot.valToPos(edge, "x", true));
      if (isOpen) stroke.lineTo(ends[0], y);
      else stroke.moveTo(ends[0], y);
      stroke.lineTo(ends[1], y);
      isOpen = true;
    }
    return { stroke, fill: null, clip: null, gaps: null, band: null, flags: 1 };
  };
}

/** What another run had at the same times. */
function aligned(course, other, values) {
  let at = 0;
  return course.middles.map((middle) => {
    while (at < other.size && other.edges[at + 1] <= middle) at += 1;
    return at < other.size && other.edges[at] <= middle ? values[at] : null;
  });
}

/** The durations that rules hold the run to. */
function limitLines(limits) {
  return (plot) => within(plot, (ctx, bbox) => {
    for (const limit of limits) {
      const y = plot.valToPos(limit.ns, "y", true);
      ctx.strokeStyle = Theme.colour("limit");
      ctx.lineWidth = 1.25 * uPlot.pxRatio;
      ctx.setLineDash([6 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.setLineDash([]);
      label(ctx, `threshold ${limit.text}`, bbox.left + bbox.width - 6 * uPlot.pxRatio, y - 3 * uPlot.pxRatio, Theme.colour("limit"), "right");
    }
  });
}

/** The figures of all calls together: what callers felt, and what it is made of. */
function latencyFigures(run) {
  const { columns, rows } = run.latency;
  const head = [{ title: "All calls", row: true, class: "nowrap" }, ...columns.map((title) => ({ title, class: "number" }))];
  const lines = rows.map((row) => [row.label, ...row.figures]);
  return el("div", { class: "below" }, scroll("Latency of all calls", table("Latency of all calls", head, lines)));
}

// How runs compare: their rates and durations, one beside the other.

/** The longest label at an axis, in characters. */
const LABEL_LENGTH = 18;

/** An axis with a place for each run. */
function placesAxis(labels) {
  const short = (text) =>
    text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH - 1)}…` : text;
  const splits = (plot) => {
    const most = Math.max(
      1,
      Math.floor(plot.bbox.width / uPlot.pxRatio / (LABEL_WIDTH * 1.4)),
    );
    const step = Math.ceil(labels.length / most);
    return labels.map((_, at) => at).filter((at) => at % step === 0);
  };
  return axis({
    splits,
    values: (plot, places) => places.map((at) => short(labels[at])),
    filter: (plot, places) => places,
    size: 28,
    gap: 6,
  });
}

function placesScale(count) {
  return { time: false, range: () => [-0.4, count - 0.6] };
}

/** A line with a point for each run, even between runs of which nothing is known. */
function lineOf(hidden, at, colour, dash) {
  return {
    show: !hidden.has(at),
    stroke: Theme.colour(colour),
    width: dash ? 1.25 : 2,
    dash,
    spanGaps: true,
    points: {
      show: true,
      size: dash ? 5 : 8,
      fill: Theme.colour(colour),
      stroke: Theme.colour(colour),
    },
  };
}

function growthRateChart(growth) {
  const hasBest = growth.best_per_s.some((value) => value !== null);
  const lines = [{ label: "calls/s", colour: "p50", values: growth.per_s }];
  if (hasBest)
    lines.push({
      label: growth.best,
      colour: "baseline",
      dash: [6, 4],
      values: growth.best_per_s,
    });
  const shown = (value) => (value === null ? NONE : `${rate(value)}/s`);
  const [, most] = extent(growth.per_s);
  return new Chart({
    kind: "half",
    title: `${growth.title}: calls per second`,
    isTime: false,
    height: 250,
    remark: hasBest ? `dashed: ${growth.best}` : "",
    said: `Calls per second: ${growth.labels.map((label, at) => `${label} ${shown(growth.per_s[at])}`).join(", ")}.`,
    keys: lines.map((line) => ({
      label: line.label,
      colour: line.colour,
      shape: line.dash ? "dashed" : "",
      whole: "",
      at: (index) => shown(line.values[index]),
    })),
    read: (index) => growth.labels[index],
    make: (hidden) => ({
      data: [
        growth.labels.map((_, at) => at),
        ...lines.map((line) => line.values),
      ],
      options: {
        // What would be best may be far above what was.
        scales: {
          x: placesScale(growth.labels.length),
          y: { range: () => [0, most > 0 ? most * 1.25 : 1] },
        },
        axes: [
          placesAxis(growth.labels),
          axis({
            size: 64,
            gap: 8,
            space: 34,
            values: (plot, splits) =>
              splits.map((value) => rate(value).replace(/\.0+$/, "")),
          }),
        ],
        series: [
          {},
          ...lines.map((line, at) =>
            lineOf(hidden, at, line.colour, line.dash),
          ),
        ],
      },
    }),
    rows: () => ({
      columns: ["Run", "calls/s", "least", "most"],
      rows: growth.labels.map((label, at) => [
        label,
        shown(growth.per_s[at]),
        ...(growth.ranges[at] ?? [null, null]).map(shown),
      ]),
    }),
  });
}

function growthLatencyChart(growth) {
  const lines = [
    { label: "p50", colour: "p50", values: growth.p50_ns },
    { label: "p99", colour: "p99", values: growth.p99_ns },
    { label: "max", colour: "max", dash: [4, 3], values: growth.max_ns },
  ];
  return new Chart({
    kind: "half",
    title: `${growth.title}: latency`,
    isTime: false,
    height: 250,
    remark: "what callers felt",
    said: `Latency: ${growth.labels.map((label, at) => `${label} ${lines.map((line) => `${line.label} ${known(line.values[at])}`).join(" ")}`).join(", ")}.`,
    keys: lines.map((line) => ({
      label: line.label,
      colour: line.colour,
      shape: line.dash ? "dashed" : "",
      whole: "",
      at: (index) => known(line.values[index]),
    })),
    read: (index) => growth.labels[index],
    make: (hidden) => ({
      data: [
        growth.labels.map((_, at) => at),
        ...lines.map((line) => line.values),
      ],
      options: {
        scales: { x: placesScale(growth.labels.length), y: durationScale() },
        axes: [placesAxis(growth.labels), durationAxis()],
        series: [
          {},
          ...lines.map((line, at) =>
            lineOf(hidden, at, line.colour, line.dash),
          ),
        ],
      },
    }),
    rows: () => ({
      columns: ["Run", ...lines.map((line) => line.label)],
      rows: growth.labels.map((label, at) => [
        label,
        ...lines.map((line) => known(line.values[at])),
      ]),
    }),
  });
}

function growthTable(growth) {
  const columns = [
    { title: "Run", row: true, class: "tag" },
    { title: "calls/s", class: "number" },
    { title: "speed-up", class: "number" },
    { title: growth.part, class: "number" },
    { title: "p50", class: "number" },
    { title: "p99", class: "number" },
  ];
  const rows = growth.rows.map((row) => [row.label, ...row.figures]);
  return card(
    "",
    `${growth.title}: growth`,
    "against the first",
    longTable(`${growth.title}: growth`, columns, rows),
  );
}

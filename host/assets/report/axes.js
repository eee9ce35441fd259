// Axes and scales: of time, and of durations on a logarithmic scale.

/** How far apart the labels of an axis are at least, in pixels. */
const LABEL_WIDTH = 76;
const LABEL_HEIGHT = 22;

/** Steps of an axis of time, in seconds. */
const TIME_STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900,
  1800, 3600, 7200, 14400, 28800, 86400,
];

function timeSplits(plot, axis, min, max) {
  const most = Math.max(2, plot.bbox.width / uPlot.pxRatio / LABEL_WIDTH);
  const step =
    TIME_STEPS.find((one) => (max - min) / one <= most) ??
    86400 * Math.ceil((max - min) / most / 86400);
  const splits = [];
  for (let at = Math.ceil(min / step - 1e-9); at * step <= max + 1e-9; at += 1)
    splits.push(at * step);
  return splits;
}

function timeLabels(plot, splits) {
  const step = splits.length > 1 ? splits[1] - splits[0] : 1;
  const decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  return splits.map((seconds) => clock(seconds, decimals));
}

/** Numbers of a scale from `min` to `max`, round ones, as many as there is room for. */
function logSplits(plot, axis, min, max) {
  const size =
    (axis === 0 ? plot.bbox.width : plot.bbox.height) / uPlot.pxRatio;
  const room = Math.max(2, size / LABEL_HEIGHT);
  const isNarrow = max / min < 12;
  for (const marks of [
    ...(isNarrow ? [[1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9]] : []),
    [1, 2, 5],
    [1, 5],
    [1],
  ]) {
    const splits = [];
    for (
      let decade = Math.floor(Math.log10(min));
      decade <= Math.ceil(Math.log10(max));
      decade += 1
    ) {
      for (const mark of marks) {
        const at = Number(`${mark}e${decade}`);
        if (at >= min * 0.999 && at <= max * 1.001) splits.push(at);
      }
    }
    if (splits.length <= room || marks.length === 1) return splits;
  }
}

/** The next of those numbers below and above. */
function logBounds(least, most) {
  const marks = (decade) =>
    [1, 2, 5, 10].map((mark) => Number(`${mark}e${decade}`));
  const low = marks(Math.floor(Math.log10(least))).findLast(
    (one) => one <= least * 1.001,
  );
  const high = marks(Math.floor(Math.log10(most))).find(
    (one) => one >= most * 0.999,
  );
  return low < high ? [low, high] : [low / 2, high * 2];
}

/** A duration at an axis: without decimals that say nothing. */
function durationLabel(ns) {
  return duration(ns)
    .replace(/(\.\d*?)0+ /, "$1 ")
    .replace(". ", " ");
}

/** A scale of durations around what is drawn. `more` are durations that should be seen too. */
function durationScale(more = []) {
  return {
    distr: 3,
    range: (plot, least, most) => {
      if (!(least > 0) || !(most > 0)) return [1e6, 1e9];
      const near = more.filter((ns) => ns < most * 12 && ns > least / 12);
      return logBounds(Math.min(least, ...near), Math.max(most, ...near));
    },
  };
}

function axis(options) {
  return {
    stroke: Theme.colour("dim"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: Theme.colour("grid"), width: 1 },
    ticks: { show: false },
    ...options,
  };
}

function timeAxis() {
  return axis({ splits: timeSplits, values: timeLabels, size: 28, gap: 6 });
}

function durationAxis() {
  return axis({
    splits: logSplits,
    values: (plot, splits) => splits.map(durationLabel),
    filter: (plot, splits) => splits,
    size: 64,
    gap: 8,
  });
}

// Calls a second over time, by tag: one upon the other, with those that failed at the bottom, where one sees them.

function rateChart(runs) {
  const [run, ...others] = runs;
  const { course } = run;
  const layers = ratedLayers(course);
  const asked = course.asked;
  const askedRate =
    asked.length > 0
      ? course.middles.map((middle) => askedAt(asked, middle * 1e9))
      : null;
  const overlaid = others
    .map((other, nth) => ({ ...other, colour: OTHERS[nth % OTHERS.length] }))
    .filter((other) => other.course.size > 0)
    .map((other) => ({
      colour: other.colour,
      label: `all, ${other.label}`,
      values: aligned(
        course,
        other.course,
        other.course.calls.map(
          (calls, at) => calls / other.course.lengthsS[at],
        ),
      ),
      whole: other.figures.find((figure) => figure.label === "Calls").value,
    }));
  const lines = [
    ...overlaid.map((one) => ({ ...one, dash: [7, 4] })),
    ...(askedRate
      ? [
          {
            label: "asked for",
            values: askedRate,
            colour: "ink",
            dash: [5, 4],
            whole: "",
          },
        ]
      : []),
  ];
  const perSecond = (layer, index) =>
    `${rate(layer.counts[index] / course.lengthsS[index])}/s`;
  return new Chart({
    kind: "",
    title: "Calls per second, by tag",
    isTime: true,
    height: 210,
    remark: `stacked, in stretches of ${course.stretch}${askedRate ? " · the dashed line is the rate asked for" : ""}`,
    said: `Calls per second that ended, by tag: ${layers.map((layer) => `${layer.label} ${layer.total}`).join(", ")}.`,
    keys: [
      ...layers.map((layer) => ({
        label:
          layer.outcome === "ok" || !layer.outcome
            ? layer.label
            : `${layer.label} · ${layer.outcome}`,
        colour: layer.colour,
        shape: "area",
        whole: layer.total,
        at: (index) => perSecond(layer, index),
      })),
      ...lines.map((line) => ({
        label: line.label,
        colour: line.colour,
        shape: "dashed",
        whole: line.whole,
        at: (index) =>
          line.values[index] === null ? NONE : `${rate(line.values[index])}/s`,
      })),
    ],
    read: (index) => when(course, index),
    make: (hidden) => {
      const tops = stacked(course, layers, hidden);
      return {
        data: [course.middles, ...tops, ...lines.map((line) => line.values)],
        options: {
          scales: {
            x: {
              time: false,
              range: () =>
                Charts.range ?? [course.edges[0], course.edges.at(-1)],
            },
            y: {
              range: (plot, least, most) => [0, most > 0 ? most * 1.08 : 1],
            },
          },
          axes: [
            timeAxis(),
            axis({
              size: 64,
              gap: 8,
              space: 34,
              values: (plot, splits) => splits.map(amount),
            }),
          ],
          series: [
            {},
            ...layers.map((layer, at) => ({
              show: !hidden.has(at),
              stroke: Theme.colour(layer.colour),
              width: layer.outcome === "ok" ? 1.5 : 1,
              points: { show: false },
              fill: faded(
                Theme.colour(layer.colour),
                { ok: 0.32, "": 0.35 }[layer.outcome] ?? 0.9,
              ),
              paths: steps(course, at > 0 ? tops[at - 1] : null),
            })),
            ...lines.map((line, at) => ({
              show: !hidden.has(layers.length + at),
              stroke: Theme.colour(line.colour),
              width: 1.25,
              dash: line.dash,
              points: { show: false },
            })),
          ],
          hooks: { drawAxes: [shade(course, false)] },
        },
      };
    },
    rows: () => ({
      columns: [
        "Time",
        ...layers.map((layer) => `${layer.label} (calls)`),
        "all, per second",
      ],
      rows: course.middles.map((_, at) => [
        when(course, at),
        ...layers.map((layer) => count(layer.counts[at])),
        rate(course.calls[at] / course.lengthsS[at]),
      ]),
    }),
  });
}

/** The layers with a colour each, and the warm-up's where there was one. */
function ratedLayers(course) {
  const used = { ok: 0, fail: 0, fault: 0 };
  const most = { ok: 5, fail: 5, fault: 1 };
  const layers = course.layers.map((layer) => {
    used[layer.outcome] = Math.min(
      used[layer.outcome] + 1,
      most[layer.outcome],
    );
    return { ...layer, colour: `${layer.outcome}-${used[layer.outcome]}` };
  });
  if (course.warmup.length > 0) {
    let total = 0;
    for (const calls of course.warmup) total += calls;
    layers.push({
      label: "warm-up",
      outcome: "",
      total: count(total),
      counts: course.warmup,
      colour: "warm",
    });
  }
  return layers;
}

/** A number at the axis of calls. */
function amount(number) {
  return number >= 1
    ? count(Math.round(number * 100) / 100)
    : String(Math.round(number * 1e4) / 1e4);
}

/** The upper edge of each layer in calls a second. */
function stacked(course, layers, hidden) {
  let below = course.middles.map(() => 0);
  return layers.map((layer, at) => {
    below = below.map(
      (base, index) =>
        base +
        (hidden.has(at) ? 0 : layer.counts[index] / course.lengthsS[index]),
    );
    return below;
  });
}

/** The rate that was asked for at a time. */
function askedAt(asked, ns) {
  const after = asked.findIndex(([at]) => at > ns);
  if (after <= 0)
    return after === 0 ? null : ns <= asked.at(-1)[0] ? asked.at(-1)[1] : null;
  const [[from, low], [to, high]] = [asked[after - 1], asked[after]];
  return low + ((high - low) * (ns - from)) / (to - from);
}

/** Steps from the layer below up to this one. */
function steps(course, below) {
  return (plot, series, first, last) => {
    const [stroke, fill] = [new Path2D(), new Path2D()];
    const tops = plot.data[series];
    const x = (at) => plot.valToPos(course.edges[at], "x", true);
    const y = (value) => plot.valToPos(value, "y", true);
    fill.moveTo(x(first), y(below ? below[first] : 0));
    for (let at = first; at <= last; at += 1) {
      const [left, right, top] = [x(at), x(at + 1), y(tops[at])];
      if (at === first) stroke.moveTo(left, top);
      else stroke.lineTo(left, top);
      stroke.lineTo(right, top);
      fill.lineTo(left, top);
      fill.lineTo(right, top);
    }
    for (let at = last; at >= first; at -= 1) {
      const base = y(below ? below[at] : 0);
      fill.lineTo(x(at + 1), base);
      fill.lineTo(x(at), base);
    }
    fill.closePath();
    return { stroke, fill, clip: null, gaps: null, band: null, flags: 3 };
  };
}

/** A colour of six digits, less of it. */
function faded(colour, part) {
  return `${colour}${Math.round(part * 255)
    .toString(16)
    .padStart(2, "0")}`;
}

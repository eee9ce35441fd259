// What all charts have in common: axes, the legend, the cursor, zooming, and the same in a table.

const Charts = {
  all: [],
  /** What part of the run is shown, in seconds; all of it if nothing. */
  range: null,

  /** Has all charts over time show the same part of the run. */
  zoom(range) {
    this.range = range;
    for (const chart of this.all.filter((one) => one.isTime)) chart.showRange();
  },

  rebuild() {
    this.all.forEach((chart) => chart.build());
  },
};

/** How far apart the labels of an axis are at least, in pixels. */
const LABEL_WIDTH = 76;
const LABEL_HEIGHT = 22;

/** Steps of an axis of time, in seconds. */
const TIME_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];

function timeSplits(plot, axis, min, max) {
  const most = Math.max(2, plot.bbox.width / uPlot.pxRatio / LABEL_WIDTH);
  const step = TIME_STEPS.find((one) => (max - min) / one <= most) ?? 86400 * Math.ceil((max - min) / most / 86400);
  const splits = [];
  for (let at = Math.ceil(min / step - 1e-9); at * step <= max + 1e-9; at += 1) splits.push(at * step);
  return splits;
}

function timeLabels(plot, splits) {
  const step = splits.length > 1 ? splits[1] - splits[0] : 1;
  const decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
  return splits.map((seconds) => clock(seconds, decimals));
}

/** The numbers 1, 2 and 5 times a power of ten from `min` to `max`, as many of them as there is room for. */
function logSplits(plot, axis, min, max) {
  const size = (axis === 0 ? plot.bbox.width : plot.bbox.height) / uPlot.pxRatio;
  const room = Math.max(2, size / LABEL_HEIGHT);
  for (const marks of [[1, 2, 5], [1, 5], [1]]) {
    const splits = [];
    for (let decade = Math.floor(Math.log10(min)); decade <= Math.ceil(Math.log10(max)); decade += 1) {
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
  const marks = (decade) => [1, 2, 5, 10].map((mark) => Number(`${mark}e${decade}`));
  const low = marks(Math.floor(Math.log10(least))).findLast((one) => one <= least * 1.001);
  const high = marks(Math.floor(Math.log10(most))).find((one) => one >= most * 0.999);
  return low < high ? [low, high] : [low / 2, high * 2];
}

/** A duration at an axis: without decimals that say nothing. */
function durationLabel(ns) {
  return duration(ns).replace(/(\.\d*?)0+ /, "$1 ").replace(". ", " ");
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
  return axis({ splits: logSplits, values: (plot, splits) => splits.map(durationLabel), filter: (plot, splits) => splits, size: 64, gap: 8 });
}

/**
 * A chart in a card.
 *
 * `spec`: `kind`, `title`, `remark` and `said` (what a reader who cannot see it is told); `height`; `isTime`; `make()`, which
 * gives uPlot's options and data; `keys`, the entries of the legend: `{label, colour, shape, whole, at(index), series}`; `read`,
 * what the cursor is at; `rows()`, `{columns, rows}` of the table; `below`, what else is in the card.
 */
class Chart {
  constructor(spec) {
    Object.assign(this, spec);
    this.hidden = new Set();
    this.plotted = el("div", { class: "plot", role: "img", tabindex: "0", "aria-label": this.said });
    this.spoken = el("div", { class: "unseen", role: "status" });
    this.readout = el("span", { class: "readout" });
    this.reset = el("button", { type: "button", hidden: true }, "Reset zoom");
    this.legend = el("div", { class: "legend" }, this.keys.map((key, index) => this.entry(key, index)));
    this.element = card(
      this.kind, this.title, this.remark,
      el("figure", null, this.plotted),
      this.spoken,
      el("div", { class: "chart-foot" }, this.legend, this.readout, el("div", { class: "chart-tools" }, this.reset)),
      this.asTable(),
      this.below,
    );
    this.reset.addEventListener("click", () => this.unzoom());
    this.plotted.addEventListener("keydown", (event) => this.key(event));
    this.plotted.addEventListener("blur", () => this.leave());
    Charts.all.push(this);
  }

  /** Draws it, once it is in the page, and again in other colours. */
  build() {
    this.plot?.destroy();
    const { options, data } = this.make(this.hidden);
    const width = this.plotted.clientWidth || 600;
    this.plot = new uPlot(
      {
        width,
        height: this.height,
        legend: { show: false },
        ...options,
        padding: [10, 14, 0, 0],
        cursor: {
          y: false,
          points: { size: 7, width: 1.5 },
          drag: { x: true, y: false, setScale: false },
          bind: { dblclick: () => () => { this.unzoom(); return null; } },
          ...(this.isTime ? { sync: { key: "time", scales: ["x", null], filters: { pub: (type) => type === "mousemove" || type === "mouseleave" } } } : {}),
          ...options.cursor,
        },
        hooks: {
          ...options.hooks,
          setCursor: [() => this.moved()],
          setSelect: [() => this.selected()],
        },
      },
      data,
      this.plotted,
    );
    this.plot.over.addEventListener("mouseleave", () => this.leave());
    this.whole = this.isTime ? [this.plot.scales.x.min, this.plot.scales.x.max] : null;
    this.paintKeys();
    if (this.isTime) this.showRange();
    this.watch ??= this.watched();
  }

  watched() {
    const observer = new ResizeObserver(() => {
      const width = this.plotted.clientWidth;
      if (width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: this.height });
    });
    observer.observe(this.plotted);
    return observer;
  }

  // Legend

  entry(key, index) {
    const value = el("span", { class: "value" }, key.whole);
    const button = el(
      "button", { type: "button", "aria-pressed": "true" },
      el("span", { class: `key ${key.shape ?? ""}` }), el("span", { class: "label" }, key.label), value,
    );
    button.addEventListener("click", () => this.toggle(index, button));
    key.value = value;
    key.mark = button.firstChild;
    return button;
  }

  paintKeys() {
    for (const key of this.keys) {
      key.mark.style.borderColor = Theme.colour(key.colour);
      if (key.shape === "area") key.mark.style.background = Theme.colour(key.colour);
    }
  }

  toggle(index, button) {
    const isShown = this.hidden.has(index);
    if (isShown) this.hidden.delete(index);
    else this.hidden.add(index);
    button.setAttribute("aria-pressed", String(isShown));
    this.build();
  }

  // Cursor

  moved() {
    const index = this.plot.cursor.idx;
    const isInside = index !== null && index !== undefined && this.plot.cursor.left >= 0;
    for (const key of this.keys) {
      const text = isInside ? key.at(index) : key.whole;
      if (key.value.textContent !== text) key.value.textContent = text;
    }
    this.readout.textContent = isInside ? this.read(index, this.plot) : "";
  }

  leave() {
    this.plot.setCursor({ left: -10, top: -10 }, true, true);
  }

  key(event) {
    const step = event.shiftKey ? 10 : 1;
    const last = this.plot.data[0].length - 1;
    const [first, end] = [this.plot.valToIdx(this.plot.scales.x.min), this.plot.valToIdx(this.plot.scales.x.max)];
    const now = this.plot.cursor.left >= 0 ? this.plot.cursor.idx : null;
    const moves = {
      ArrowRight: () => (now === null ? first : Math.min(end, now + step)),
      ArrowLeft: () => (now === null ? end : Math.max(first, now - step)),
      Home: () => first,
      End: () => end,
    };
    if (event.key in moves) {
      const at = Math.max(0, Math.min(last, moves[event.key]()));
      const left = this.plot.valToPos(this.plot.data[0][at], "x");
      this.plot.setCursor({ left, top: this.plot.bbox.height / uPlot.pxRatio / 2 }, true, true);
      const said = this.keys.filter((key) => key.label).map((key) => `${key.label} ${key.at(at)}`);
      this.spoken.textContent = [this.read(at, this.plot), ...said].join(", ");
    } else if (event.key === "Escape") {
      this.leave();
      this.unzoom();
    } else if ((event.key === "+" || event.key === "-") && this.isTime) {
      const [from, to] = Charts.range ?? this.whole;
      const at = now === null ? (from + to) / 2 : this.plot.data[0][now];
      const half = ((to - from) / 2) * (event.key === "+" ? 0.5 : 2);
      this.zoomTo(at - half, at + half);
    } else {
      return;
    }
    event.preventDefault();
  }

  // Zoom

  selected() {
    const { left, width } = this.plot.select;
    if (width < 4) return;
    const [from, to] = [this.plot.posToVal(left, "x"), this.plot.posToVal(left + width, "x")];
    this.plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.zoomTo(from, to);
  }

  zoomTo(from, to) {
    if (!this.isTime) {
      this.plot.setScale("x", { min: from, max: to });
      this.reset.hidden = false;
      return;
    }
    const [first, last] = this.whole;
    const [low, high] = [Math.max(first, from), Math.min(last, to)];
    if (low <= first && high >= last) Charts.zoom(null);
    else Charts.zoom([low, high]);
  }

  unzoom() {
    if (this.isTime) Charts.zoom(null);
    else if (!this.reset.hidden) this.build();
    this.reset.hidden = true;
  }

  showRange() {
    const [min, max] = Charts.range ?? this.whole;
    this.plot.setScale("x", { min, max });
    this.plotted.dataset.range = `${min} ${max}`;
    this.reset.hidden = Charts.range === null;
  }

  // Table

  asTable() {
    const inside = el("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": `${this.title}, as a table` });
    const details = el("details", { class: "as-table" }, el("summary", null, "Show as table"), inside);
    details.addEventListener("toggle", () => {
      if (!details.open || inside.firstChild) return;
      const { columns, rows } = this.rows();
      const head = columns.map((title, index) => ({ title, class: index > 0 ? "number" : "nowrap", row: index === 0 }));
      inside.append(table(this.title, head, rows));
    });
    return details;
  }
}

// Drawing on the canvas of a chart

/** Draws within the axes of a chart. */
function within(plot, draw) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox);
  ctx.restore();
}

/** Text on the canvas, `right` of a place or left of it. */
function label(ctx, text, x, y, colour, align = "left") {
  ctx.font = `${12 * uPlot.pxRatio}px system-ui, sans-serif`;
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.textBaseline = "bottom";
  ctx.fillText(text, x, y);
}

/** Shades what happened to a run: its warm-up, where calls failed, where it stood still. Below what is drawn. */
function shade(course, withText) {
  return (plot) => within(plot, (ctx, bbox) => {
    const x = (ns) => plot.valToPos(ns / 1e9, "x", true);
    const band = (from, to, colour) => {
      ctx.fillStyle = colour;
      const width = Math.max(1, x(to) - x(from));
      ctx.fillRect(x(from), bbox.top, width, bbox.height);
    };
    /** Text beside a place, on the side where there is room for it; gives where it ends. */
    const beside = (what, at, line, colour) => {
      const gap = 4 * uPlot.pxRatio;
      label(ctx, "", 0, 0, colour);
      const width = ctx.measureText(what).width;
      const isLeft = at + gap + width > bbox.left + bbox.width && at - gap - width > bbox.left;
      if (withText) label(ctx, what, at + (isLeft ? -gap : gap), bbox.top + line * 16 * uPlot.pxRatio, colour, isLeft ? "right" : "left");
      return isLeft ? at : at + width + 3 * gap;
    };
    if (course.warm_until_ns !== null) {
      band(course.from_ns, course.warm_until_ns, Theme.colour("shade-plain"));
      beside("warm-up", x(course.from_ns), 1, Theme.colour("dim"));
    }
    let free = -Infinity;
    for (const span of course.failing) {
      band(span.from_ns, span.to_ns, Theme.colour("shade-bad"));
      // Texts must not lie upon each other.
      const at = Math.max(x(span.from_ns), bbox.left);
      if (at > free && x(span.to_ns) > bbox.left) free = beside(span.text, at, 1, Theme.colour("bad"));
    }
    for (const span of course.events) {
      const isLong = span.to_ns > span.from_ns;
      if (isLong) band(span.from_ns, span.to_ns, Theme.colour("shade-plain"));
      ctx.strokeStyle = Theme.colour("dim");
      ctx.lineWidth = uPlot.pxRatio;
      ctx.setLineDash([2 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
      ctx.beginPath();
      ctx.moveTo(x(span.from_ns), bbox.top);
      ctx.lineTo(x(span.from_ns), bbox.top + bbox.height);
      ctx.stroke();
      ctx.setLineDash([]);
      beside(span.text, x(span.from_ns), 2, Theme.colour("dim"));
    }
  });
}

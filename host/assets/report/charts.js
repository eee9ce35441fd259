// What all charts have in common: the legend, the cursor, zooming, and the same in a table.

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
    this.plotted = el("div", {
      class: "plot",
      role: "img",
      tabindex: "0",
      "aria-label": this.said,
    });
    this.spoken = el("div", { class: "unseen", role: "status" });
    this.readout = el("span", { class: "readout" });
    this.reset = el("button", { type: "button", hidden: true }, "Reset zoom");
    this.legend = el(
      "div",
      { class: "legend" },
      this.keys.map((key, index) => this.entry(key, index)),
    );
    this.element = card(
      this.kind,
      this.title,
      this.remark,
      el("figure", null, this.plotted),
      this.spoken,
      el(
        "div",
        { class: "chart-foot" },
        this.legend,
        this.readout,
        el("div", { class: "chart-tools" }, this.reset),
      ),
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
        padding: [10, 22, 0, 0],
        cursor: {
          y: false,
          points: { size: 7, width: 1.5 },
          drag: { x: true, y: false, setScale: false },
          bind: {
            dblclick: () => () => {
              this.unzoom();
              return null;
            },
          },
          ...(this.isTime
            ? {
                sync: {
                  key: "time",
                  scales: ["x", null],
                  filters: {
                    pub: (type) =>
                      type === "mousemove" || type === "mouseleave",
                  },
                },
              }
            : {}),
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
    this.whole = this.isTime
      ? [this.plot.scales.x.min, this.plot.scales.x.max]
      : null;
    this.paintKeys();
    if (this.isTime) this.showRange();
    this.watch ??= this.watched();
  }

  watched() {
    const observer = new ResizeObserver(() => {
      const width = this.plotted.clientWidth;
      if (width > 0 && width !== this.plot.width)
        this.plot.setSize({ width, height: this.height });
    });
    observer.observe(this.plotted);
    return observer;
  }

  // Legend

  entry(key, index) {
    const value = el("span", { class: "value" }, key.whole);
    const button = el(
      "button",
      { type: "button", "aria-pressed": "true" },
      el("span", { class: `key ${key.shape ?? ""}` }),
      el("span", { class: "label" }, key.label),
      value,
    );
    button.addEventListener("click", () => this.toggle(index, button));
    key.value = value;
    key.mark = button.firstChild;
    return button;
  }

  paintKeys() {
    for (const key of this.keys) {
      key.mark.style.borderColor = Theme.colour(key.colour);
      if (key.shape === "area")
        key.mark.style.background = Theme.colour(key.colour);
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
    const isInside =
      index !== null && index !== undefined && this.plot.cursor.left >= 0;
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
    const [first, end] = [
      this.plot.valToIdx(this.plot.scales.x.min),
      this.plot.valToIdx(this.plot.scales.x.max),
    ];
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
      this.plot.setCursor(
        { left, top: this.plot.bbox.height / uPlot.pxRatio / 2 },
        true,
        true,
      );
      const said = this.keys
        .filter((key) => key.label)
        .map((key) => `${key.label} ${key.at(at)}`);
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
    const [from, to] = [
      this.plot.posToVal(left, "x"),
      this.plot.posToVal(left + width, "x"),
    ];
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
    const inside = el("div", {
      class: "scroll tall",
      tabindex: "0",
      role: "region",
      "aria-label": `${this.title}, as a table`,
    });
    const details = el(
      "details",
      { class: "as-table" },
      el("summary", null, "Show as table"),
      inside,
    );
    details.addEventListener("toggle", () => {
      if (!details.open || inside.firstChild) return;
      const { columns, rows } = this.rows();
      const head = columns.map((title, index) => ({
        title,
        class: index > 0 ? "number" : "nowrap",
        row: index === 0,
      }));
      inside.append(table(this.title, head, rows));
    });
    return details;
  }
}

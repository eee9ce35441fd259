// Drawing on the canvas of a chart: what happened to a run, in words and shades.

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
  return (plot) =>
    within(plot, (ctx, bbox) => {
      const x = (ns) => plot.valToPos(ns / 1e9, "x", true);
      const band = (from, to, colour) => {
        ctx.fillStyle = colour;
        const width = Math.max(1, x(to) - x(from));
        ctx.fillRect(x(from), bbox.top, width, bbox.height);
      };
      /** Text beside a place, on the side where there is room for it, unless another is there; gives where texts end. */
      const beside = (what, at, line, colour, free = -Infinity) => {
        const gap = 4 * uPlot.pxRatio;
        label(ctx, "", 0, 0, colour);
        const width = ctx.measureText(what).width;
        const isLeft =
          at + gap + width > bbox.left + bbox.width &&
          at - gap - width > bbox.left;
        const from = isLeft ? at - gap - width : at + gap;
        if (from < free) return free;
        if (withText)
          label(ctx, what, from, bbox.top + line * 16 * uPlot.pxRatio, colour);
        return from + width + 2 * gap;
      };
      if (course.warm_until_ns !== null) {
        band(course.from_ns, course.warm_until_ns, Theme.colour("shade-plain"));
        beside("warm-up", x(course.from_ns), 1, Theme.colour("dim"));
      }
      let free = -Infinity;
      for (const span of course.failing) {
        band(span.from_ns, span.to_ns, Theme.colour("shade-bad"));
        const at = Math.max(x(span.from_ns), bbox.left);
        if (x(span.to_ns) > bbox.left)
          free = beside(span.text, at, 1, Theme.colour("bad"), free);
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

// Numbers as the text report writes them (report/format.rs), for what is read off under a cursor.

/** With so many decimals, and ties to the even digit. */
function fixed(number, decimals) {
  const exact = number.toFixed(Math.min(100, decimals + 40));
  const cut = exact.length - 40;
  if (!/^50*$/.test(exact.slice(cut))) return number.toFixed(decimals);
  const kept = exact.slice(0, cut).replace(/\.$/, "");
  const isOdd = "13579".includes(kept.at(-1));
  // Half a step to the side of the even digit decides it.
  return (number + (isOdd ? 0.1 : -0.1) * 10 ** -decimals).toFixed(decimals);
}

/** With so many significant digits. */
function significant(number, digits) {
  for (let decimals = digits - 1; ; decimals -= 1) {
    const text = fixed(number, decimals);
    const whole = text.includes(".") ? text.indexOf(".") : text.length;
    if (decimals === 0 || whole + decimals <= digits) return text;
  }
}

/** A duration in nanoseconds: `7.89 ms`, `2m31s`. */
function duration(ns) {
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  for (const [unit, name, limit] of [[1e3, "µs", 1e3], [1e6, "ms", 1e3], [1e9, "s", 60]]) {
    const text = significant(ns / unit, 3);
    if (Number(text) < limit) return `${text} ${name}`;
  }
  const seconds = Math.round(ns / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
  const minutes = Math.round(ns / 60e9);
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}

/** A count, grouped by three. */
function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, " ");
}

/** A number a second, without its unit. */
function rate(perSecond) {
  return perSecond >= 999.95 ? count(Math.round(perSecond)) : significant(perSecond, 4);
}

/** A share of 0 to 1 in percent. */
function share(part) {
  const percent = part * 100;
  if (percent > 0 && percent < 0.005) return "<0.01 %";
  if (percent >= 99.995 && percent < 100) return ">99.99 %";
  return `${fixed(percent, 2)} %`;
}

/** A time of a run in seconds: `1:04`, with as many decimals as are asked for. */
function clock(seconds, decimals = 0) {
  const scale = 10 ** decimals;
  const total = Math.round(Math.abs(seconds) * scale);
  const [whole, part] = [Math.floor(total / scale), total % scale];
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, String(whole % 60).padStart(2, "0")];
  const head = hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : `${minutes}`;
  const tail = decimals > 0 ? `.${String(part).padStart(decimals, "0")}` : "";
  return `${seconds < 0 ? "−" : ""}${head}:${rest}${tail}`;
}

/** What is shown where nothing is known. */
const NONE = "–";

/** A duration, or that none is known. */
function known(ns) {
  return ns === null || ns === undefined ? NONE : duration(ns);
}

/**
 * One form for what the engines give in several: QuickJS takes and gives 64-bit integers as numbers and `null` for an
 * absent option, StarlingMonkey has bigints and `undefined`.
 */

/**
 * @typedef {object} Raw the interfaces of `wit/load.wit`, as an engine has them
 * @property {typeof import("gorgon:load/clock@0.1.0")} clock
 * @property {typeof import("gorgon:load/context@0.1.0")} context
 * @property {typeof import("gorgon:load/measure@0.1.0")} measure
 * @property {typeof import("gorgon:load/http@0.1.0")} http
 */

/**
 * @param {Raw} raw
 * @returns {import("#host").Host}
 */
export function adapt(raw) {
  /** Asked in a call, not before: while a component is built, nothing of the host is there.
   *  @type {boolean | undefined} */
  let wide;

  /** A 64-bit integer as this engine takes it.
   *  @param {number} value */
  const u64 = (value) => {
    wide ??= typeof raw.clock.now() === "bigint";
    return wide ? BigInt(value) : value;
  };

  return {
    clock: {
      now: () => Number(raw.clock.now()),
      sleep: (nanos) => raw.clock.sleep(u64(nanos)),
    },
    context: {
      number: () => Number(raw.context.number()),
      worker: () => raw.context.worker(),
      workers: () => raw.context.workers(),
      due: () => Number(raw.context.due()),
      runId: () => raw.context.runId(),
      random: () => Number(raw.context.random()),
      parameter: (name) => raw.context.parameter(text(name)) ?? undefined,
      parameters: () => raw.context.parameters(),
      item: () => raw.context.item() ?? undefined,
      cell: (column) => raw.context.cell(text(column)) ?? undefined,
      row: () => raw.context.row(),
      stopping: () => raw.context.stopping(),
      log: (level, line) => raw.context.log(level, text(line)),
    },
    measure: {
      begin: (name) => raw.measure.begin(text(name)),
      end: (span) => raw.measure.end(span),
      record: (name, nanos) => raw.measure.record(text(name), u64(nanos)),
      count: (name, delta) => raw.measure.count(text(name), u64(delta)),
      check: (name, passed) => raw.measure.check(text(name), passed),
    },
    http: {
      get: (url) => answer(() => raw.http.get(text(url))),
      send: (request) => answer(() => raw.http.send(lower(request, u64))),
      sendAll: (requests) =>
        raw.http
          .sendAll(requests.map((request) => lower(request, u64)))
          .map((result) =>
            result.tag === "ok"
              ? { tag: "ok", val: lift(result.val) }
              : { tag: "err", val: liftError(result.val) },
          ),
      header: (response, name) =>
        raw.http.header(response, text(name)) ?? undefined,
      headerAll: (response, name) => raw.http.headerAll(response, text(name)),
      headersOf: (response) => raw.http.headersOf(response),
      timingsOf: (response) => {
        const timings = raw.http.timingsOf(response);
        return {
          blocked: Number(timings.blocked),
          dns: Number(timings.dns),
          connect: Number(timings.connect),
          tls: Number(timings.tls),
          send: Number(timings.send),
          wait: Number(timings.wait),
          receive: Number(timings.receive),
          total: Number(timings.total),
        };
      },
      reused: (response) => raw.http.reused(response),
      version: (response) => raw.http.version(response),
    },
  };
}

/**
 * What can cross to the host: a surrogate without its other half, which no UTF-8 has, traps in QuickJS.
 *
 * @param {string} value
 */
function text(value) {
  return String(value).toWellFormed();
}

/**
 * @param {[string, string][]} pairs
 * @returns {[string, string][]}
 */
function texts(pairs) {
  return pairs.map(([name, value]) => [text(name), text(value)]);
}

/**
 * An error result is thrown by the engine, with the error as its `payload`.
 *
 * @param {() => import("gorgon:load/http@0.1.0").Response} ask
 * @returns {import("#host").Answer}
 */
function answer(ask) {
  let response;
  try {
    response = ask();
  } catch (error) {
    const payload = /** @type {{ payload?: any }} */ (error)?.payload;
    if (typeof payload?.tag !== "string") throw error;
    return { tag: "err", val: liftError(payload) };
  }
  return { tag: "ok", val: lift(response) };
}

/**
 * @param {import("gorgon:load/http@0.1.0").Response} response
 * @returns {import("#host").WireResponse}
 */
function lift({ id, status, body, bodySize }) {
  return { id, status, body, bodySize: Number(bodySize) };
}

/**
 * @param {import("gorgon:load/http@0.1.0").Error} error
 * @returns {import("#host").WireError}
 */
function liftError(error) {
  const val = "val" in error ? error.val : undefined;
  return {
    tag: error.tag,
    val: typeof val === "bigint" ? Number(val) : val,
  };
}

/**
 * @param {import("#host").WireRequest} request
 * @param {(value: number) => number | bigint} u64
 * @returns {import("gorgon:load/http@0.1.0").Request}
 */
function lower(request, u64) {
  const { method, url, headers, timeout, name, extra } = request;
  return {
    ...request,
    method: text(method),
    url: text(url),
    headers: texts(headers),
    timeout: timeout === undefined ? undefined : u64(timeout),
    name: name === undefined ? undefined : text(name),
    extra: texts(extra),
  };
}

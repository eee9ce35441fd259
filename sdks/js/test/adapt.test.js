import assert from "node:assert/strict";
import { test } from "node:test";

import { adapt } from "../src/host/adapt.js";

/** What crosses to an engine that has 64-bit integers as numbers, and to one that has bigints. */
const ENGINES = {
  quickjs: { u64: (value) => value, none: null },
  starlingmonkey: { u64: BigInt, none: undefined },
};

const REQUEST = {
  method: "GET",
  url: "http://a/\ud800",
  headers: [["a", "\udc00"]],
  body: undefined,
  bodyMode: { tag: "full" },
  decode: false,
  redirects: 0,
  timeout: 2e9,
  name: "n",
  extra: [],
};

for (const [name, { u64, none }] of Object.entries(ENGINES)) {
  /** The interfaces as that engine has them. What reaches them is in `seen`. */
  const engine = () => {
    const seen = [];
    const record = (...given) => void seen.push(...given);
    const response = { id: 1, status: 200, body: "", bodySize: u64(5) };
    const raw = {
      clock: { now: () => u64(7), sleep: record },
      context: {
        number: () => u64(17),
        random: () => u64(2 ** 63),
        parameter: () => none,
        item: () => none,
        log: record,
      },
      measure: { record, count: record },
      http: {
        get() {
          throw Object.assign(new Error(), {
            payload: { tag: "too-large", val: u64(16) },
          });
        },
        send(request) {
          record(request);
          return response;
        },
        sendAll: () => [
          { tag: "ok", val: response },
          { tag: "err", val: { tag: "stopped" } },
        ],
        header: () => none,
        timingsOf: () => ({ wait: u64(3), total: u64(4) }),
      },
    };
    return { seen, host: adapt(raw) };
  };

  test(`${name}: integers arrive as numbers`, () => {
    const { host } = engine();
    assert.equal(host.clock.now(), 7);
    assert.equal(host.context.number(), 17);
    assert.equal(host.context.random(), 2 ** 63);
    assert.equal(host.http.timingsOf(1).total, 4);
  });

  test(`${name}: integers leave as the engine takes them`, () => {
    const { seen, host } = engine();
    host.clock.sleep(5);
    host.measure.record("m", 6);
    host.measure.count("c", 7);
    assert.deepEqual(seen, [u64(5), "m", u64(6), "c", u64(7)]);
  });

  test(`${name}: what is not there is undefined`, () => {
    const { host } = engine();
    assert.equal(host.context.parameter("p"), undefined);
    assert.equal(host.context.item(), undefined);
    assert.equal(host.http.header(1, "h"), undefined);
  });

  test(`${name}: requests and their answers`, () => {
    const { seen, host } = engine();
    const answer = host.http.send(REQUEST);
    assert.equal(answer.tag, "ok");
    assert.equal(answer.val.bodySize, 5);
    assert.equal(seen[0].timeout, u64(2e9));
    assert.equal(seen[0].url, "http://a/\ufffd");
    assert.deepEqual(seen[0].headers, [["a", "\ufffd"]]);
    assert.deepEqual(host.http.get("http://a/"), {
      tag: "err",
      val: { tag: "too-large", val: 16 },
    });
    const [first, second] = host.http.sendAll([REQUEST, REQUEST]);
    assert.equal(first.val.bodySize, 5);
    assert.deepEqual(second, {
      tag: "err",
      val: { tag: "stopped", val: undefined },
    });
  });

  test(`${name}: the log gets well-formed text`, () => {
    const { seen, host } = engine();
    host.context.log("info", "\ud800");
    assert.deepEqual(seen, ["info", "\ufffd"]);
  });
}

test("an exception that is no error of HTTP passes", () => {
  const host = adapt({
    http: {
      get() {
        throw new TypeError("not a string");
      },
    },
  });
  assert.throws(() => host.http.get("x"), TypeError);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  clock,
  context,
  defineLifecycle,
  defineOperation,
  Fail,
  log,
  measure,
} from "../src/index.js";
import { call, within } from "../src/testing/index.js";

/** What the export does in a component: its value, or what it throws. */
function exported(run, world) {
  return within(() => {
    try {
      return { tag: defineOperation(run).run(world?.number ?? 0) };
    } catch (thrown) {
      return { thrown };
    }
  }, world);
}

test("what is returned becomes a tag", () => {
  const tags = [
    [undefined, "SUCCESS", true],
    [true, "SUCCESS", true],
    [false, "FAIL", false],
    ["größe 🦀", "größe 🦀", true],
    ["", "", true],
    [200, "200", true],
    [399, "399", true],
    [404, "404", false],
    [199, "199", false],
  ];
  for (const [value, tag, ok] of tags) {
    const made = call(() => value);
    assert.deepEqual([made.tag, made.ok], [tag, ok]);
    const { value: result } = exported(() => value);
    assert.deepEqual(result, ok ? { tag } : { thrown: tag });
  }
});

test("what is no tag is a fault that says so", () => {
  for (const value of [null, 17, 1000, 2.5, {}, [], 5n, Symbol("s")]) {
    assert.throws(() => call(() => value), /which is no tag/);
    const { value: result, recorded } = exported(() => value);
    assert.ok(result.thrown instanceof TypeError);
    assert.match(recorded.log[0].text, /^TypeError: `run` returned .* no tag/);
  }
});

test("a failure is a failing tag, with its reason in the log", () => {
  const run = () => {
    throw new Fail("sold-out", "no books left");
  };
  const made = call(run);
  assert.deepEqual([made.tag, made.ok], ["sold-out", false]);
  assert.deepEqual(made.log, [{ level: "error", text: "no books left" }]);
  const { value, recorded } = exported(run);
  assert.deepEqual(value, { thrown: "sold-out" });
  assert.deepEqual(recorded.log, made.log);
});

test("any other exception is a fault, with its stack in the log", () => {
  const run = () => {
    throw new Error("boom", { cause: new RangeError("too far") });
  };
  assert.throws(() => call(run), /boom/);
  const { value, recorded } = exported(run);
  assert.equal(value.thrown.message, "boom");
  assert.equal(recorded.log.length, 1);
  assert.match(recorded.log[0].text, /^Error: boom at run \(/);
  assert.match(recorded.log[0].text, /caused by RangeError: too far/);
  assert.doesNotMatch(recorded.log[0].text, /guard|\n/);
});

test("what is thrown and is no error is a fault too", () => {
  for (const thrown of ["text", 17, undefined, { tag: "x" }]) {
    const { value } = exported(() => {
      throw thrown;
    });
    assert.match(value.thrown.message, /^uncaught: /);
  }
});

test("a promise is refused with the reason", () => {
  const { value } = exported(async () => "200");
  assert.match(value.thrown.message, /returned a promise/);
});

test("the number arrives as a number, whatever the engine gives", () => {
  const seen = [];
  const { run } = defineOperation((number) => void seen.push(number));
  within(() => [run(17), run(17n)]);
  assert.deepEqual(seen, [17, 17]);
});

test("half a surrogate pair never reaches the host", () => {
  const { value } = exported(() => "\ud800");
  assert.equal(value.tag, "\ufffd");
});

test("what setup returns arrives in the other hooks", () => {
  const arrives = (value, read) => {
    let seen;
    const hooks = defineLifecycle({
      setup: () => value,
      start: (shared) => {
        seen = read(shared);
      },
    });
    within(() => hooks.start(hooks.setup()));
    return seen;
  };
  assert.equal(
    arrives("größe", (shared) => shared.text()),
    "größe",
  );
  assert.equal(
    arrives(undefined, (shared) => shared.text()),
    "",
  );
  assert.deepEqual(
    arrives({ a: [1] }, (shared) => shared.json()),
    { a: [1] },
  );
  assert.deepEqual(
    arrives(new Uint8Array([1, 255]), (shared) => shared.bytes),
    new Uint8Array([1, 255]),
  );
});

test("a failing hook says why", () => {
  const failing = () => {
    throw new Fail("no user", "409");
  };
  const hooks = defineLifecycle({
    setup: failing,
    start: failing,
    stop: failing,
    teardown: failing,
  });
  const { recorded } = within(() => {
    for (const hook of ["setup", "start"]) {
      assert.throws(
        () => hooks[hook](new Uint8Array()),
        (thrown) => thrown === "no user: 409",
      );
    }
    hooks.stop();
    hooks.teardown(new Uint8Array());
  });
  assert.deepEqual(
    recorded.log.map(({ text }) => text),
    ["stop failed: no user: 409", "teardown failed: no user: 409"],
  );
});

test("hooks that are not given do nothing", () => {
  const hooks = defineLifecycle({});
  within(() => {
    assert.deepEqual(hooks.setup(), new Uint8Array());
    hooks.start(new Uint8Array());
    hooks.stop();
    hooks.teardown(new Uint8Array());
  });
});

test("the context is what the test says", () => {
  within(
    () => {
      assert.equal(context.number(), 17);
      assert.deepEqual([context.worker(), context.workers()], [3, 8]);
      assert.equal(context.parameter("url"), "http://shop");
      assert.equal(context.parameter("other"), undefined);
      assert.deepEqual(context.parameters(), { url: "http://shop", n: "4k" });
      assert.equal(context.count("n"), 4000);
      assert.equal(context.count("m", 7), 7);
      assert.equal(context.duration("pause", 50), 50);
      assert.equal(context.flag("fast", false), false);
      assert.equal(context.item(), "größe");
      assert.deepEqual(context.itemBytes(), new TextEncoder().encode("größe"));
      assert.equal(context.cell("id"), "c1");
      assert.equal(context.cell("other"), undefined);
      assert.deepEqual(context.row(), { id: "c1", name: "ü" });
      assert.equal(context.stopping(), true);
    },
    {
      number: 17,
      worker: 3,
      workers: 8,
      parameters: { url: "http://shop", n: "4k" },
      item: "größe",
      row: { id: "c1", name: "ü" },
      stopping: true,
    },
  );
});

test("a missing parameter is a tag with a line in the log", () => {
  for (const read of [context.required, context.duration, context.flag]) {
    const made = call(() => void read("url"));
    assert.equal(made.tag, "missing-parameter:url");
    assert.match(made.log[0].text, /give it with `--set url=…`/);
  }
  const made = call(() => void context.flag("fast"), {
    parameters: { fast: "maybe" },
  });
  assert.equal(made.tag, "bad-parameter:fast");
});

test("measurements, counters and checks are recorded", () => {
  const { recorded } = within(() => {
    measure.span("outer", () => {
      clock.sleep(2);
      measure.span("inner", () => clock.sleep(1));
    });
    assert.throws(() =>
      measure.span("outer", () => {
        throw new Error("x");
      }),
    );
    const end = measure.begin("open");
    clock.sleep(0.5);
    end();
    measure.begin("never");
    measure.record("sample", 17e-6);
    measure.count("calls");
    measure.count("calls", 2);
    assert.equal(measure.check("even", 1), true);
    assert.equal(measure.check("even", ""), false);
    assert.equal(clock.now(), 3.5);
  });
  assert.deepEqual(recorded.measurements("outer"), [3, 0]);
  assert.deepEqual(recorded.measurements("inner"), [1]);
  assert.deepEqual(recorded.measurements("open"), [0.5]);
  assert.deepEqual(recorded.measurements("never"), []);
  assert.deepEqual(recorded.measurements("sample"), [17e-6]);
  assert.equal(recorded.counter("calls"), 3);
  assert.deepEqual(recorded.checks("even"), { passed: 1, failed: 1 });
  assert.equal(recorded.elapsed, 3.5);
});

test("what cannot be measured is refused before it reaches the host", () => {
  within(() => {
    assert.throws(() => measure.count("calls", -1), RangeError);
    assert.throws(() => measure.count("calls", 1.5), RangeError);
    assert.throws(() => measure.record("sample", NaN), RangeError);
    assert.throws(() => clock.sleep(-1), RangeError);
  });
});

test("what is logged is shown as text", () => {
  const { recorded } = within(() => {
    const round = {};
    round.round = round;
    log.info("n", 1, { a: [5n] }, null, undefined, new Map([["k", 1]]));
    log.info(new Uint8Array([1, 255]));
    log.warn(round);
  });
  assert.deepEqual(recorded.log, [
    { level: "info", text: 'n 1 {"a":["5n"]} null undefined [["k",1]]' },
    { level: "info", text: "[1,255]" },
    { level: "warn", text: "[object Object]" },
  ]);
});

/** Plays the service: needs neither gorgon nor a network. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { call } from "gorgon-sdk/testing";

import { run } from "./op.js";

test("the status of the page is the tag", () => {
  const made = call(run, {
    number: 17,
    parameters: { url: "http://service/page" },
    respond: () => 200,
  });
  assert.deepEqual([made.ok, made.tag], [true, "200"]);
  assert.equal(made.requests[0].url, "http://service/page?number=17");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { call, type Responder } from "gorgon-sdk/testing";

import { run } from "./op.js";

/** A shop in which the cart `c7` is paid with the status that the test wants. */
function shop(checkout: number): Responder {
  return ({ url }) => {
    switch (url) {
      case "http://shop/shop/carts":
        return { status: 201, json: { id: "c7", total: 24 } };
      case "http://shop/shop/carts/c7/checkout":
        return checkout;
      default:
        return 404;
    }
  };
}

function buy(number: number, respond: Responder) {
  return call(run, { number, parameters: { url: "http://shop" }, respond });
}

test("the id of the cart goes into the checkout", () => {
  const { requests } = buy(1, shop(200));
  assert.deepEqual(requests[0].json(), { item: "book", quantity: 2 });
  assert.equal(requests[1].url, "http://shop/shop/carts/c7/checkout");
});

test("what a cart costs is checked", () => {
  const made = buy(1, shop(200));
  assert.deepEqual(made.checks("the cart costs something"), {
    passed: 1,
    failed: 0,
  });
});

test("the status of the checkout decides", () => {
  for (const [status, ok] of [
    [200, true],
    [402, false],
    [409, false],
  ] as const) {
    const made = buy(0, shop(status));
    assert.equal(made.tag, String(status));
    assert.equal(made.ok, ok);
  }
});

test("a shop that sells nothing fails at the first request", () => {
  const made = buy(0, () => 503);
  assert.equal(made.tag, "503");
  assert.equal(made.ok, false);
  assert.equal(made.requests.length, 1);
});

test("a shop that is not there is a tag too", () => {
  assert.equal(buy(0, () => ({ error: "connect" })).tag, "connect");
});

test("without a url the tag says so", () => {
  assert.equal(call(run).tag, "missing-parameter:url");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { join, parts, resolve, sameOrigin } from "../src/http/url.js";

test("a URL is taken apart", () => {
  assert.deepEqual(
    { ...parts("HTTP://user@Host.example:8080/a/b?c=d#e") },
    {
      scheme: "http",
      authority: "user@Host.example:8080",
      host: "host.example",
      path: "/a/b",
      query: "?c=d",
    },
  );
  assert.equal(parts("https://[::1]:443").host, "::1");
  assert.equal(parts("/a/b?next=http://x/"), undefined);
  assert.equal(parts(""), undefined);
});

test("references mean what the platform says", () => {
  const references =
    "http://g/x g ./g g/ /g //g ?y g?y g?y/../x . .. ../g ../../../g g/./h/../i /a/../b ../ ./".split(
      " ",
    );
  for (const base of ["http://a/b/c/d?q", "http://a", "http://a:1/?x"]) {
    for (const reference of ["", ...references]) {
      assert.equal(
        new URL(resolve(base, reference)).href,
        new URL(reference, base).href,
        `${reference} on ${base}`,
      );
    }
  }
  assert.equal(resolve("http://a/b", "g#s"), "http://a/g");
  assert.equal(resolve("nonsense", "g"), "g");
});

test("an origin is scheme, host and port", () => {
  assert.ok(sameOrigin("http://a:1/x", "HTTP://A:1/y"));
  for (const other of ["https://a:1/", "http://a:2/", "http://b:1/", "/x"]) {
    assert.ok(!sameOrigin("http://a:1/", other), other);
  }
});

test("a path is put under the base", () => {
  for (const [base, path, expected] of [
    ["http://a/api", "users", "http://a/api/users"],
    ["http://a/api/", "/users", "http://a/api/users"],
    ["http://a", "", "http://a"],
    ["http://a/x", "?q=1", "http://a/x?q=1"],
    ["http://a", "https://b/", "https://b/"],
    ["", "http://b/", "http://b/"],
  ]) {
    assert.equal(join(base, path), expected);
  }
});

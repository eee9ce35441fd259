import assert from "node:assert/strict";
import { test } from "node:test";

import { Jar } from "../src/http/cookies.js";
import { clock, http } from "../src/index.js";
import { within } from "../src/testing/index.js";

/** Which cookies are sent to each URL after these were set from one. */
function sent(from, headers, urls, now = 0) {
  const jar = new Jar();
  for (const header of headers) jar.store(from, header, 0);
  return urls.map((url) => jar.header(url, now));
}

test("a cookie goes back to the host that set it, below its folder", () => {
  assert.deepEqual(
    sent(
      "http://shop.example/a/b",
      ["id=1; HttpOnly", 'all="x=y"; Path=/'],
      [
        "http://shop.example/a/c?q",
        "http://shop.example:8080/a",
        "http://shop.example",
        "http://shop.example/ab",
        "http://www.shop.example/a",
        "http://other.example/a",
      ],
    ),
    [
      'id=1; all="x=y"',
      'id=1; all="x=y"',
      'all="x=y"',
      'all="x=y"',
      undefined,
      undefined,
    ],
  );
});

test("a domain is for the hosts below it, if it is the host's own", () => {
  const urls = ["http://a.shop.example/", "http://shop.example/"];
  const own = sent(
    "http://a.shop.example/",
    ["k=1; Domain=.Shop.example"],
    [...urls, "http://notshop.example/"],
  );
  assert.deepEqual(own, ["k=1", "k=1", undefined]);
  for (const domain of ["example", "other.example", "b.a.shop.example"]) {
    const foreign = sent(
      "http://a.shop.example/",
      [`k=1; Domain=${domain}`],
      urls,
    );
    assert.deepEqual(foreign, [undefined, undefined], domain);
  }
  // An address has nothing below it.
  assert.deepEqual(
    sent("http://127.0.0.1/", ["k=1; Domain=0.0.1"], ["http://127.0.0.1/"]),
    [undefined],
  );
});

test("a secure cookie goes over TLS, and to this machine", () => {
  const header = ["k=1; Secure"];
  assert.deepEqual(
    sent("https://a.example/", header, [
      "https://a.example/",
      "http://a.example/",
    ]),
    ["k=1", undefined],
  );
  assert.deepEqual(sent("http://a.example/", header, ["https://a.example/"]), [
    undefined,
  ]);
  for (const here of [
    "http://localhost/",
    "http://127.0.0.1:80/",
    "http://[::1]/",
  ]) {
    assert.deepEqual(sent(here, header, [here]), ["k=1"]);
  }
});

test("cookies expire, are replaced and deleted", () => {
  const url = "http://a.example/";
  const header = ["k=1; Max-Age=2"];
  assert.deepEqual(sent(url, header, [url], 1999), ["k=1"]);
  assert.deepEqual(sent(url, header, [url], 2000), [undefined]);
  assert.deepEqual(sent(url, ["k=1", "k=2"], [url]), ["k=2"]);
  const gone = ["k=; Max-Age=0", "k=; Max-Age=-1"];
  const ago = "k=; Expires=Thu, 01 Jan 1970 00:00:00 GMT";
  for (const deletion of [...gone, ago]) {
    assert.deepEqual(
      sent(url, ["k=1", deletion], [url]),
      [undefined],
      deletion,
    );
  }
  const later = "k=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT";
  assert.deepEqual(sent(url, [later], [url]), ["k=1"]);
});

test("what is no cookie is left out, and there is an end to them", () => {
  const url = "http://a.example/";
  assert.deepEqual(sent(url, ["", "k", "=1", ";k=1"], [url]), [undefined]);
  const many = Array.from({ length: 301 }, (_, n) => `c${n}=1`);
  const [header] = sent(url, many, [url]);
  assert.equal(header.split("; ").length, 300);
  assert.ok(!header.includes("c0=1"));
});

/** A site with a login, a page behind it, and a way round both. */
function site({ url, method, headers }) {
  const cookie = new Map(headers).get("cookie");
  switch (url) {
    case "http://site/api/login":
      return {
        status: 302,
        headers: [
          ["set-cookie", "session=s1; Path=/"],
          ["set-cookie", "theme=dark; Path=/"],
          ["location", "/api/account?from=login"],
        ],
        after: 5,
      };
    case "http://site/api/account?from=login":
      return cookie === "session=s1; theme=dark" && method === "GET"
        ? 200
        : 403;
    case "http://site/api/away":
      return { status: 307, headers: { location: "http://other/" }, after: 5 };
    case "http://site/api/loop":
      return { status: 302, headers: { location: "loop" }, after: 5 };
    default:
      return 200;
  }
}

function client(options) {
  return new http.Client({ base: "http://site/api", ...options });
}

test("a client logs in and is known afterwards", () => {
  const { value, recorded } = within(
    () => {
      const user = client({ redirects: 5, headers: { "x-a": 1 } });
      const landed = user.post("/login", {
        form: { user: "medusa" },
        name: "log in",
      });
      assert.equal(user.cookie("session"), "s1");
      user.clearCookies();
      assert.equal(user.cookie("session"), undefined);
      return landed.status;
    },
    { respond: site },
  );
  assert.equal(value, 200);
  const [login, account] = recorded.requests;
  assert.equal(login.text(), "user=medusa");
  assert.equal(account.bytes.length, 0);
  assert.equal(account.header("content-type"), undefined);
  assert.equal(account.header("x-a"), "1");
  assert.deepEqual(recorded.measurements("log in"), [5]);
});

test("without redirects the 3xx is the response, and its cookies are kept", () => {
  const { recorded } = within(
    () => {
      const user = client();
      assert.equal(user.get("login").status, 302);
      user.get("/x");
      user.get("/x", { headers: { Cookie: "mine=1" } });
    },
    { respond: site },
  );
  const cookies = recorded.requests.map((request) => request.header("cookie"));
  assert.deepEqual(cookies, [undefined, "session=s1; theme=dark", "mine=1"]);
});

test("what identifies the user stays with the site", () => {
  const { recorded } = within(
    () =>
      client({ redirects: 1 }).put("/away", {
        bearer: "secret",
        headers: { "x-a": 1 },
        body: "b",
      }),
    { respond: site },
  );
  const [, other] = recorded.requests;
  assert.deepEqual(
    [other.url, other.method, other.text(), other.headers],
    ["http://other/", "PUT", "b", [["x-a", "1"]]],
  );
});

test("all steps share one limit, and there is an end to them", () => {
  within(
    () => {
      const lost = () => client({ redirects: 100, timeout: 12 }).get("/loop");
      assert.throws(lost, { kind: "timeout" });
      assert.equal(clock.now(), 12);
      const endless = () => client({ redirects: 3 }).get("/loop");
      assert.throws(endless, { kind: "other" });
    },
    { respond: site },
  );
});

test("the verbs of a client are their methods", () => {
  const { recorded } = within(
    () => {
      const user = client();
      for (const verb of ["get", "head", "post", "put", "patch", "del"]) {
        user[verb]("/x");
      }
    },
    { respond: site },
  );
  assert.deepEqual(
    recorded.requests.map(({ method }) => method),
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  );
});

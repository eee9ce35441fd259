import assert from "node:assert/strict";
import { test } from "node:test";

import { clock, http } from "../src/index.js";
import { call, within } from "../src/testing/index.js";

const URL = "http://shop/carts";

/** Runs something against a host that answers all requests alike. */
function answered(reply, part) {
  return within(part, { respond: () => reply });
}

function sent(...request) {
  const { recorded } = answered(200, () => http.request(...request));
  return recorded.requests[0];
}

test("a request has what it was given", () => {
  const request = sent("POST", `${URL}?a=1#f`, {
    query: { q: "a b&c=ü", n: 2 },
    headers: { "X-Trace": 17 },
    json: { item: "bücher" },
    bearer: "t0ken",
    name: "cart",
    timeout: 2000,
  });
  assert.equal(request.method, "POST");
  assert.equal(request.url, `${URL}?a=1&q=a%20b%26c%3D%C3%BC&n=2#f`);
  assert.deepEqual(request.headers, [
    ["X-Trace", "17"],
    ["authorization", "Bearer t0ken"],
    ["content-type", "application/json"],
  ]);
  assert.deepEqual(request.json(), { item: "bücher" });
  assert.equal(request.name, "cart");
  assert.equal(request.timeout, 2000);
});

test("every kind of body", () => {
  assert.equal(sent("PUT", URL, { body: "größe" }).text(), "größe");
  assert.deepEqual(
    sent("PUT", URL, { body: new Uint8Array([1, 255]) }).bytes,
    new Uint8Array([1, 255]),
  );
  const form = sent("POST", URL, { form: { user: "a&b", n: 1 } });
  assert.equal(form.text(), "user=a%26b&n=1");
  assert.equal(
    form.header("content-type"),
    "application/x-www-form-urlencoded",
  );
  assert.equal(sent("POST", URL).bytes.length, 0);
});

test("a content type of its own is kept", () => {
  const { headers } = sent("POST", URL, {
    json: 1,
    headers: { "Content-Type": "application/problem+json" },
  });
  assert.deepEqual(headers, [["Content-Type", "application/problem+json"]]);
});

test("headers that repeat are given as a list", () => {
  const headers = [
    ["a", "1"],
    ["a", "2"],
  ];
  assert.deepEqual(sent("GET", URL, { headers }).headers, headers);
});

test("basic authorization is that of the RFC", () => {
  const basic = { user: "Aladdin", password: "open sesame" };
  assert.equal(
    sent("GET", URL, { basic }).header("authorization"),
    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
  );
});

test("mistakes in a request say what they are", () => {
  within(() => {
    assert.throws(() => http.get(URL, { timeOut: 1 }), /no option `timeOut`/);
    assert.throws(() => http.post(URL, { body: "", json: 1 }), /one body/);
    assert.throws(() => http.get(URL, { timeout: -1 }), RangeError);
  });
  const made = call(() => http.post(URL, { json: 5n }));
  assert.equal(made.tag, "invalid-request");
  assert.match(made.log[0].text, /cannot be JSON/);
});

test("the verbs are their methods", () => {
  const { recorded } = answered(200, () => {
    http.get(URL);
    http.get(URL, { headers: { a: "b" } });
    http.head(URL);
    http.post(URL);
    http.put(URL);
    http.patch(URL);
    http.del(URL);
  });
  assert.deepEqual(
    recorded.requests.map(({ method }) => method),
    ["GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  );
});

test("a response has what came back", () => {
  const reply = {
    status: 201,
    headers: [
      ["Set-Cookie", "a=1"],
      ["set-cookie", "b=2"],
    ],
    json: { id: "ü" },
    after: 3,
  };
  answered(reply, () => {
    const response = http.get(URL);
    assert.equal(response.status, 201);
    assert.equal(response.ok, true);
    assert.deepEqual(response.json(), { id: "ü" });
    assert.equal(response.text(), '{"id":"ü"}');
    assert.equal(response.bodySize, response.bytes.length);
    assert.equal(response.header("SET-COOKIE"), "a=1");
    assert.equal(response.header("location"), undefined);
    assert.deepEqual(response.headerAll("set-cookie"), ["a=1", "b=2"]);
    assert.equal(response.headers().length, 3);
    assert.deepEqual([response.timings().total, clock.now()], [3, 3]);
    assert.equal(response.version(), "HTTP/1.1");
    assert.equal(response.throwForStatus(), response);
  });
});

test("only as much of the body as was asked for is handed over", () => {
  answered({ body: "0123456789" }, () => {
    const first = http.get(URL, { firstBytes: 3 });
    assert.deepEqual([first.text(), first.bodySize], ["012", 10]);
    const none = http.get(URL, { discardBody: true });
    assert.deepEqual([none.text(), none.bodySize], ["", 10]);
  });
});

test("a status may be a failure, and is its tag", () => {
  const made = call(() => http.get(URL).throwForStatus(), {
    respond: () => 503,
  });
  assert.deepEqual([made.tag, made.ok, made.log.length], ["503", false, 0]);
  const returned = call(() => http.get(URL), { respond: () => 503 });
  assert.deepEqual([returned.tag, returned.ok], ["503", false]);
});

test("an error is its kind, as a tag", () => {
  const kinds = [
    "invalid-request denied dns connect tls timeout closed too-large",
    "protocol decode stopped other",
  ].flatMap((line) => line.split(" "));
  for (const error of kinds) {
    const made = call(() => http.get(URL), { respond: () => ({ error }) });
    assert.deepEqual([made.tag, made.ok], [error, false]);
    assert.equal(made.log.length, error === "invalid-request" ? 1 : 0, error);
  }
});

test("an error can be caught and asked", () => {
  answered({ error: "closed" }, () => {
    assert.throws(
      () => http.get(URL),
      (error) =>
        error instanceof http.HttpError &&
        error.kind === "closed" &&
        error.phase === "wait" &&
        error.message ===
          "closed: the connection was closed waiting for the answer",
    );
  });
});

test("a body that is no JSON is the tag json, and the log shows its start", () => {
  const made = call(() => http.get(URL).json(), {
    respond: () => ({ body: "<html>" }),
  });
  assert.equal(made.tag, "json");
  assert.match(made.log[0].text, /the body is not JSON: .*"<html>"/);
});

test("an answer that takes too long is a timeout", () => {
  const { recorded } = answered({ after: 3000 }, () => {
    assert.throws(() => http.get(URL, { timeout: 2000 }), { kind: "timeout" });
  });
  assert.equal(recorded.elapsed, 2000);
});

test("redirects are followed as far as was asked for", () => {
  const respond = ({ url }) =>
    url === URL ? { status: 303, headers: { location: "/thanks" } } : 200;
  within(
    () => {
      assert.equal(http.post(URL).status, 303);
      assert.equal(http.post(URL, { redirects: 1, body: "x" }).status, 200);
    },
    { respond },
  );
  const { recorded } = within(() => http.post(URL, { redirects: 1 }), {
    respond,
  });
  const last = recorded.requests.at(-1);
  assert.deepEqual(
    [last.method, last.url, last.bytes.length],
    ["GET", "http://shop/thanks", 0],
  );
  assert.throws(
    () =>
      answered({ status: 302, headers: { location: "/" } }, () =>
        http.get(URL, { redirects: 3 }),
      ),
    { kind: "other" },
  );
});

test("named requests are measurements", () => {
  const { recorded } = answered({ after: 7 }, () => {
    http.get(URL, { name: "page" });
    http.get(URL);
  });
  assert.deepEqual(recorded.measurements("page"), [7]);
});

test("several at once take as long as the longest", () => {
  const { value, recorded } = within(
    () =>
      http.sendAll([{ url: "http://a/" }, { method: "PUT", url: "http://b/" }]),
    {
      respond: ({ url }) =>
        url === "http://a/" ? { after: 5 } : { error: "connect", after: 9 },
    },
  );
  const [first, second] = value;
  assert.equal(first.status, 200);
  assert.ok(second instanceof http.HttpError);
  assert.equal(recorded.elapsed, 9);
});

test("without an answer every connection is refused", () => {
  assert.equal(call(() => http.get(URL)).tag, "connect");
});

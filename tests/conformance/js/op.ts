/**
 * The operation that every language has: see the README of the folder above.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  clock,
  context,
  defineLifecycle,
  defineOperation,
  Fail,
  http,
  log,
  measure,
  type Returned,
  type Shared,
} from "gorgon-sdk";

export const operation = defineOperation(run);
export const lifecycle = defineLifecycle({ setup, teardown, start, stop });

/** What each value of the parameter `do` stands for. */
const ACTIONS = new Map<string, (number: number) => Returned>([
  ["hash", hash],
  ["shop", shop],
  ["parameter", () => context.required("name")],
  ["item", () => present(context.item(), "no item")],
  ["cell", () => present(context.cell("id"), "no cell")],
  ["fail", (number) => number % 3 !== 0],
  ["measure", measured],
  ["slow", () => clock.sleep(60_000)],
  ["spin", spin],
  ["trap", trap],
  ["unicode", () => "größe→☃ 日本 🦀"],
  ["random", () => Math.floor(Math.random() * 16).toString(16)],
  ["log", written],
  ["lifecycle", alive],
]);

function run(number: number): Returned {
  const action = ACTIONS.get(context.required("do"));
  if (!action) {
    const known = [...ACTIONS.keys()].join(", ");
    throw context.badParameter("do", `one of ${known}`);
  }
  return action(number);
}

function hash(number: number): string {
  let digest = sha256(new TextEncoder().encode(`TEXT ${number}`));
  for (let round = context.count("rounds", 20); round > 1; round--) {
    digest = sha256(digest);
  }
  const tag = bytesToHex(digest).slice(0, 8);
  if (number % 5 === 0) throw new Fail(tag);
  return tag;
}

interface Cart {
  id: string;
  total: number;
}

function shop(number: number): http.Response {
  const shop = `${context.required("url")}/shop/carts`;
  const cart: Cart = http
    .post(shop, {
      json: { item: "book", quantity: (number % 3) + 1 },
      name: "cart",
    })
    .throwForStatus()
    .json();
  measure.check("the cart costs something", cart.total > 0);
  return http.post(`${shop}/${cart.id}/checkout`, { name: "checkout" });
}

function present(value: string | undefined, tag: string): string {
  if (value === undefined) throw new Fail(tag);
  return value;
}

function measured(number: number): string {
  measure.span("outer", () => {
    measure.span("inner", () => {});
    measure.span("inner", () => {});
  });
  measure.record("sample", number / 1e6);
  measure.count("calls");
  return measure.check("even", number % 2 === 0) ? "even" : "odd";
}

function spin(): never {
  for (;;);
}

function trap(number: number): void {
  if (number % 4 === 3) throw new Error("nobody catches this");
}

function written(): void {
  log.warn("one line");
  console.log("printed");
}

let started = 0;
let shared = "";

function alive(): string {
  if (started === 1 && shared === "shared by setup") return "started";
  throw new Fail("not started");
}

function setup(): string {
  measure.count("setup");
  told("setup");
  return "shared by setup";
}

function start(fromSetup: Shared): void {
  measure.count("start");
  told("start");
  started++;
  shared = fromSetup.text();
}

function stop(): void {
  measure.count("stop");
}

function teardown(): void {
  measure.count("teardown");
}

/** Fails where the person who started the run told this hook to. */
function told(hook: string): void {
  if (context.parameter("fail") === hook) {
    throw new Fail(`${hook} was told to fail`);
  }
}

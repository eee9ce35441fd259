/**
 * The imports of `load.wit` as they are: for whoever needs one of them without the helpers of this package. Name this
 * file in a program with `/// <reference types="gorgon-sdk/wit" />`.
 *
 * 64-bit integers are a `number` in QuickJS, which takes nothing else, and a `bigint` in StarlingMonkey. An option that
 * is not there is `null` in the one and `undefined` in the other. The error of a function that may fail is thrown as
 * the `payload` of an `Error`.
 */

declare module "gorgon:load/clock@0.1.0" {
  export function now(): number | bigint;
  export function sleep(nanos: number | bigint): void;
}

declare module "gorgon:load/context@0.1.0" {
  export type Level = "debug" | "info" | "warn" | "error";
  export function number(): number | bigint;
  export function worker(): number;
  export function workers(): number;
  export function due(): number | bigint;
  export function runId(): string;
  export function random(): number | bigint;
  export function parameter(name: string): string | null | undefined;
  export function parameters(): [string, string][];
  export function item(): Uint8Array | null | undefined;
  export function cell(column: string): Uint8Array | null | undefined;
  export function row(): [string, Uint8Array][];
  export function stopping(): boolean;
  export function log(level: Level, text: string): void;
}

declare module "gorgon:load/measure@0.1.0" {
  export function begin(name: string): number;
  export function end(span: number): void;
  export function record(name: string, nanos: number | bigint): void;
  export function count(name: string, delta: number | bigint): void;
  export function check(name: string, passed: boolean): void;
}

declare module "gorgon:load/http@0.1.0" {
  export type Headers = [string, string][];
  export type Phase =
    | "blocked"
    | "dns"
    | "connect"
    | "tls"
    | "send"
    | "wait"
    | "receive"
    | "other";
  export type Error =
    | { tag: "invalid-request"; val: string }
    | { tag: "denied"; val: string }
    | { tag: "dns"; val: string }
    | { tag: "connect"; val: string }
    | { tag: "tls"; val: string }
    | { tag: "timeout"; val: Phase }
    | { tag: "closed"; val: Phase }
    | { tag: "too-large"; val: number | bigint }
    | { tag: "protocol"; val: string }
    | { tag: "decode"; val: string }
    | { tag: "stopped" }
    | { tag: "other"; val: string };
  export type BodyMode =
    { tag: "full" } | { tag: "discard" } | { tag: "first"; val: number };
  export interface Request {
    method: string;
    url: string;
    headers: Headers;
    body?: Uint8Array | null;
    bodyMode: BodyMode;
    decode: boolean;
    redirects: number;
    timeout?: number | bigint | null;
    name?: string | null;
    extra: [string, string][];
  }
  export interface Response {
    id: number;
    status: number;
    body: Uint8Array;
    bodySize: number | bigint;
  }
  export interface Timings {
    blocked: number | bigint;
    dns: number | bigint;
    connect: number | bigint;
    tls: number | bigint;
    send: number | bigint;
    wait: number | bigint;
    receive: number | bigint;
    total: number | bigint;
  }
  export type Result =
    { tag: "ok"; val: Response } | { tag: "err"; val: Error };
  export function get(url: string): Response;
  export function send(request: Request): Response;
  export function sendAll(requests: Request[]): Result[];
  export function header(
    response: number,
    name: string,
  ): string | null | undefined;
  export function headerAll(response: number, name: string): string[];
  export function headersOf(response: number): Headers;
  export function timingsOf(response: number): Timings;
  export function reused(response: number): boolean;
  export function version(response: number): string;
}

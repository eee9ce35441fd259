/**
 * The host as the rest of the SDK sees it: the interfaces of `wit/load.wit` with one form for everything that the
 * engines give in several. 64-bit integers are numbers (nanoseconds, in the case of times), an absent option is
 * `undefined`.
 */

export type Level = "debug" | "info" | "warn" | "error";

export interface Clock {
  now(): number;
  sleep(nanos: number): void;
}

export interface Context {
  number(): number;
  worker(): number;
  workers(): number;
  due(): number;
  runId(): string;
  /** 64 bits, of which a number keeps the upper 53. */
  random(): number;
  parameter(name: string): string | undefined;
  parameters(): [string, string][];
  item(): Uint8Array | undefined;
  cell(column: string): Uint8Array | undefined;
  row(): [string, Uint8Array][];
  stopping(): boolean;
  log(level: Level, text: string): void;
}

export interface Measure {
  begin(name: string): number;
  end(span: number): void;
  record(name: string, nanos: number): void;
  count(name: string, delta: number): void;
  check(name: string, passed: boolean): void;
}

export type Phase =
  "blocked" | "dns" | "connect" | "tls" | "send" | "wait" | "receive" | "other";

export type ErrorKind =
  | "invalid-request"
  | "denied"
  | "dns"
  | "connect"
  | "tls"
  | "timeout"
  | "closed"
  | "too-large"
  | "protocol"
  | "decode"
  | "stopped"
  | "other";

/** Why there is no response: a text, a phase or a limit, depending on the kind. */
export interface WireError {
  tag: ErrorKind;
  val?: string | number;
}

export type BodyMode =
  { tag: "full" } | { tag: "discard" } | { tag: "first"; val: number };

export interface WireRequest {
  method: string;
  url: string;
  headers: [string, string][];
  body: Uint8Array | undefined;
  bodyMode: BodyMode;
  decode: boolean;
  redirects: number;
  /** In nanoseconds. */
  timeout: number | undefined;
  name: string | undefined;
  extra: [string, string][];
}

export interface WireResponse {
  id: number;
  status: number;
  body: Uint8Array;
  bodySize: number;
}

/** All of them in nanoseconds. */
export interface WireTimings {
  blocked: number;
  dns: number;
  connect: number;
  tls: number;
  send: number;
  wait: number;
  receive: number;
  total: number;
}

export type Answer =
  { tag: "ok"; val: WireResponse } | { tag: "err"; val: WireError };

export interface Http {
  get(url: string): Answer;
  send(request: WireRequest): Answer;
  sendAll(requests: WireRequest[]): Answer[];
  header(response: number, name: string): string | undefined;
  headerAll(response: number, name: string): string[];
  headersOf(response: number): [string, string][];
  timingsOf(response: number): WireTimings;
  reused(response: number): boolean;
  version(response: number): string;
}

export interface Host {
  clock: Clock;
  context: Context;
  measure: Measure;
  http: Http;
}

export const clock: Clock;
export const context: Context;
export const measure: Measure;
export const http: Http;
/** Whether the engine waits for a promise that an export returns. */
export function awaits(): boolean;
/** What an export has to throw to end the instance with this error. */
export function fault(error: Error): unknown;

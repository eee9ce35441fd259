/**
 * A cookie jar: what of RFC 6265 a flow through a site needs.
 *
 * Domains, paths, `Secure` and `Max-Age` are kept as the RFC says, on the run's clock. Of `Expires` only the way to
 * delete a cookie is understood, a year before 2000: a run is short. There is no list of public suffixes: a `Domain`
 * without a dot is refused, nothing more.
 */

import { parts } from "./url.js";

/** More cookies than this push the oldest out, so that a long run does not fill the sandbox. */
const CAPACITY = 300;

/**
 * @typedef {object} Cookie
 * @property {string} name
 * @property {string} value
 * @property {string} domain
 * @property {boolean} hostOnly sent to `domain` alone, not to the hosts below it
 * @property {string} path
 * @property {boolean} secure
 * @property {number} expires in milliseconds on the run's clock
 */

export class Jar {
  /** Oldest first.
   *  @type {Cookie[]} */
  #cookies = [];

  /**
   * Takes in a `set-cookie` header of an answer from `url`. What is no cookie of that site is left out.
   *
   * @param {string} url
   * @param {string} header
   * @param {number} now
   */
  store(url, header, now) {
    const cookie = parse(url, header, now);
    if (!cookie) return;
    const { name, domain, path } = cookie;
    this.#cookies = this.#cookies.filter(
      (other) =>
        other.name !== name || other.domain !== domain || other.path !== path,
    );
    if (cookie.expires > now) this.#cookies.push(cookie);
    if (this.#cookies.length > CAPACITY) this.#cookies.shift();
  }

  /**
   * The `cookie` header of a request to `url`, those with the longest path first (section 5.4); `undefined` where there
   * are none.
   *
   * @param {string} url
   * @param {number} now
   */
  header(url, now) {
    this.#cookies = this.#cookies.filter((cookie) => cookie.expires > now);
    const fitting = this.#cookies
      .filter((cookie) => fits(cookie, url))
      .sort((a, b) => b.path.length - a.path.length);
    return fitting.length === 0
      ? undefined
      : fitting.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  /**
   * The value of the newest cookie of that name.
   *
   * @param {string} name
   */
  get(name) {
    return this.#cookies.findLast((cookie) => cookie.name === name)?.value;
  }

  clear() {
    this.#cookies = [];
  }
}

/**
 * The cookie of a header (sections 5.2 and 5.3). One that is to be deleted has expired.
 *
 * @param {string} url
 * @param {string} header
 * @param {number} now
 * @returns {Cookie | undefined}
 */
function parse(url, header, now) {
  const site = parts(url);
  const [pair, ...attributes] = header.split(";");
  const [name, value] = split(pair);
  if (!site || name === "" || value === undefined) return undefined;
  const given = new Map(
    attributes.map((attribute) => {
      const [key, value = ""] = split(attribute);
      return [key.toLowerCase(), value];
    }),
  );
  const wanted = given.get("domain")?.replace(/^\./, "").toLowerCase();
  const domain = wanted || site.host;
  if (!maySet(site.host, domain)) return undefined;
  const secure = given.has("secure");
  if (secure && !isTrusted(url)) return undefined;
  const path = given.get("path") ?? "";
  return {
    name,
    value,
    domain,
    hostOnly: !wanted || isAddress(site.host),
    path: path.startsWith("/") ? path : defaultPath(site.path),
    secure,
    expires: expiry(given, now),
  };
}

/**
 * Name and value, trimmed; no value where there is no `=`.
 *
 * @param {string} text
 * @returns {[string, string | undefined]}
 */
function split(text) {
  const at = text.indexOf("=");
  if (at < 0) return [text.trim(), undefined];
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/**
 * @param {Map<string, string>} attributes
 * @param {number} now
 */
function expiry(attributes, now) {
  const age = attributes.get("max-age") ?? "";
  if (/^-?\d+$/.test(age)) return now + Math.max(Number(age), 0) * 1000;
  const year = /\b\d{4}\b/.exec(attributes.get("expires") ?? "")?.[0];
  return year !== undefined && Number(year) < 2000 ? now : Infinity;
}

/**
 * Whether a host may set a cookie for that domain: its own, or one above it that is not as wide as `com`.
 *
 * @param {string} host
 * @param {string} domain
 */
function maySet(host, domain) {
  return domain === host || (domain.includes(".") && isBelow(host, domain));
}

/**
 * @param {string} host
 * @param {string} domain
 */
function isBelow(host, domain) {
  return host.endsWith(`.${domain}`) && !isAddress(host);
}

/** @param {string} host */
function isAddress(host) {
  return host.includes(":") || /^[\d.]+$/.test(host);
}

/**
 * @param {Cookie} cookie
 * @param {string} url
 */
function fits({ domain, hostOnly, path, secure }, url) {
  const site = parts(url);
  if (!site) return false;
  const { host } = site;
  const here = site.path || "/";
  return (
    (host === domain || (!hostOnly && isBelow(host, domain))) &&
    (here === path ||
      here.startsWith(path.endsWith("/") ? path : `${path}/`)) &&
    (!secure || isTrusted(url))
  );
}

/**
 * Where a `Secure` cookie may go: over TLS, and to this machine, as browsers have it.
 *
 * @param {string} url
 */
function isTrusted(url) {
  const { scheme, host } = /** @type {import("./url.js").Parts} */ (parts(url));
  return (
    scheme === "https" ||
    host === "localhost" ||
    host === "::1" ||
    /^127\.[\d.]+$/.test(host)
  );
}

/**
 * The folder of the page that set the cookie (section 5.1.4).
 *
 * @param {string} path
 */
function defaultPath(path) {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
}

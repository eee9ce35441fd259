/**
 * As much of URLs as redirects and cookies need: QuickJS has no `URL`.
 */

/**
 * @typedef {object} Parts the parts of an absolute URL
 * @property {string} scheme in lower case
 * @property {string} authority host and port
 * @property {string} host in lower case, without port and brackets
 * @property {string} path begins with `/`, or is empty
 * @property {string} query with its `?`, or empty
 */

const ABSOLUTE =
  /^(?<scheme>[a-z][a-z\d+.-]*):\/\/(?<authority>[^/?#]*)(?<path>[^?#]*)(?<query>\?[^#]*)?/i;

/**
 * Takes an absolute URL apart; `undefined` where it has no scheme and host.
 *
 * @param {string} url
 * @returns {Parts | undefined}
 */
export function parts(url) {
  const groups = ABSOLUTE.exec(url)?.groups;
  if (!groups) return undefined;
  const { scheme, authority, path, query = "" } = groups;
  const host = authority
    .replace(/^.*@/, "")
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  return { scheme: scheme.toLowerCase(), authority, host, path, query };
}

/**
 * Whether both have the same scheme, host and port, as far as they are written alike.
 *
 * @param {string} here
 * @param {string} there
 */
export function sameOrigin(here, there) {
  const [a, b] = [parts(here), parts(there)];
  return (
    a?.scheme === b?.scheme &&
    a?.authority.toLowerCase() === b?.authority.toLowerCase()
  );
}

/**
 * What a reference means on the page `base` (RFC 3986, section 5.2).
 *
 * @param {string} base
 * @param {string} reference
 */
export function resolve(base, reference) {
  const here = parts(base);
  if (!here || parts(reference)) return reference;
  const [wanted] = reference.split("#", 1);
  const origin = `${here.scheme}://${here.authority}`;
  if (wanted.startsWith("//")) return `${here.scheme}:${wanted}`;
  if (wanted === "") return origin + here.path + here.query;
  if (wanted.startsWith("?")) return origin + here.path + wanted;
  const [path] = wanted.split("?", 1);
  const query = wanted.slice(path.length);
  const folder = here.path.slice(0, here.path.lastIndexOf("/") + 1) || "/";
  return origin + withoutDots(path[0] === "/" ? path : folder + path) + query;
}

/**
 * A path with its `.` and `..` carried out.
 *
 * @param {string} path
 */
function withoutDots(path) {
  /** @type {string[]} */
  const kept = [];
  const segments = path.split("/").slice(1);
  for (const [index, segment] of segments.entries()) {
    if (segment === "..") kept.pop();
    if (segment !== "." && segment !== "..") kept.push(segment);
    else if (index === segments.length - 1) kept.push("");
  }
  return `/${kept.join("/")}`;
}

/**
 * A path under `base`; one that is an absolute URL is that URL.
 *
 * @param {string} base
 * @param {string} path
 */
export function join(base, path) {
  if (parts(path)) return path;
  if (path === "" || path[0] === "?" || path[0] === "#") return base + path;
  return `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`;
}

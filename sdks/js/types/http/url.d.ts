/**
 * Takes an absolute URL apart; `undefined` where it has no scheme and host.
 *
 * @param {string} url
 * @returns {Parts | undefined}
 */
export function parts(url: string): Parts | undefined;
/**
 * Whether both have the same scheme, host and port, as far as they are written alike.
 *
 * @param {string} here
 * @param {string} there
 */
export function sameOrigin(here: string, there: string): boolean;
/**
 * What a reference means on the page `base` (RFC 3986, section 5.2).
 *
 * @param {string} base
 * @param {string} reference
 */
export function resolve(base: string, reference: string): string;
/**
 * A path under `base`; one that is an absolute URL is that URL.
 *
 * @param {string} base
 * @param {string} path
 */
export function join(base: string, path: string): string;
/**
 * the parts of an absolute URL
 */
export type Parts = {
    /**
     * in lower case
     */
    scheme: string;
    /**
     * host and port
     */
    authority: string;
    /**
     * in lower case, without port and brackets
     */
    host: string;
    /**
     * begins with `/`, or is empty
     */
    path: string;
    /**
     * with its `?`, or empty
     */
    query: string;
};

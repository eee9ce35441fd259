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
    /**
     * Takes in a `set-cookie` header of an answer from `url`. What is no cookie of that site is left out.
     *
     * @param {string} url
     * @param {string} header
     * @param {number} now
     */
    store(url: string, header: string, now: number): void;
    /**
     * The `cookie` header of a request to `url`, those with the longest path first (section 5.4); `undefined` where there
     * are none.
     *
     * @param {string} url
     * @param {number} now
     */
    header(url: string, now: number): string | undefined;
    /**
     * The value of the newest cookie of that name.
     *
     * @param {string} name
     */
    get(name: string): string | undefined;
    clear(): void;
    #private;
}
export type Cookie = {
    name: string;
    value: string;
    domain: string;
    /**
     * sent to `domain` alone, not to the hosts below it
     */
    hostOnly: boolean;
    path: string;
    secure: boolean;
    /**
     * in milliseconds on the run's clock
     */
    expires: number;
};

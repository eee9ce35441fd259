/**
 * Ends the call with a failing tag, wherever it is thrown.
 *
 * ```js
 * if (stock === 0) throw new Fail("sold-out");
 * ```
 *
 * The report has one row per tag: keep tags few and short. What differs from call to call belongs into `because`,
 * which goes to the log.
 */
export class Fail extends Error {
  /**
   * @param {string} tag the tag that the call ends with
   * @param {string} [because] a sentence for the log
   * @param {ErrorOptions} [options] such as the `cause`
   */
  constructor(tag, because, options) {
    super(because === undefined ? tag : `${tag}: ${because}`, options);
    this.name = "Fail";
    /** The tag that the call ends with. */
    this.tag = tag;
    /** What is logged when the call ends with this failure. */
    this.because = because;
  }
}

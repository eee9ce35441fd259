/** What one virtual user does: asks for a page. The status of the answer is the tag of the call. */

import { context, defineOperation, http } from "gorgon-sdk";

export function run(number: number) {
  return http.get(context.required("url"), { query: { number } });
}

export const operation = defineOperation(run);

/**
 * Fills a cart and pays for it.
 *
 * The shop answers the first request with the id of the cart, which the second one needs; what it answers to that is
 * the tag of the call: `200` for a paid order, `402` for a declined payment.
 */

import { context, defineOperation, http, measure } from "gorgon-sdk";

interface Cart {
  id: string;
  total: number;
}

export function run(number: number): http.Response {
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

export const operation = defineOperation(run);

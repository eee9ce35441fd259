"""Fills a cart and pays for it.

The shop answers the first request with the id of the cart, which the second one needs; what it
answers to that is the tag of the call: `200` for a paid order, `402` for a declined payment.
"""

import gorgon
from gorgon import context, http, measure


@gorgon.operation
def run(number: int) -> http.Response:
    carts = context.required("url") + "/shop/carts"

    order = {"item": "book", "quantity": number % 3 + 1}
    cart = http.post(carts, json=order, name="cart").raise_for_status().json()
    measure.check("the cart costs something", cart["total"] > 0)

    return http.post(f"{carts}/{cart['id']}/checkout", name="checkout")

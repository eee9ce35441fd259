"""Plays the shop: needs neither gorgon nor a network."""

import unittest

from gorgon.testing import Answer, Call, Host, Reply, Request

import op


def call(number: int, checkout: int) -> Call:
    """A call in a shop in which the cart `c7` is paid with the status that the test wants."""

    def shop(request: Request) -> Reply:
        if request.url == "http://shop/shop/carts":
            return Answer(201, json={"id": "c7", "total": 24})
        if request.url == "http://shop/shop/carts/c7/checkout":
            return checkout
        return 404

    return Host(number=number, parameters={"url": "http://shop"}, answers=shop).run(op.run)


class Checkout(unittest.TestCase):
    def test_the_id_of_the_cart_goes_into_the_checkout(self):
        made = call(1, 200)
        self.assertEqual(made.requests[0].json(), {"item": "book", "quantity": 2})
        self.assertEqual(made.requests[1].url, "http://shop/shop/carts/c7/checkout")
        self.assertEqual(made.checks("the cart costs something"), (1, 0))

    def test_the_status_of_the_checkout_decides(self):
        for status, ok in [(200, True), (402, False), (409, False)]:
            made = call(0, status)
            self.assertEqual((made.ok, made.tag), (ok, str(status)))

    def test_a_shop_that_sells_nothing_fails_at_the_first_request(self):
        host = Host(parameters={"url": "http://shop"}, answers=lambda request: 503)
        made = host.run(op.run)
        self.assertEqual((made.ok, made.tag), (False, "503"))
        self.assertEqual(len(made.requests), 1)

    def test_without_a_url_the_tag_says_so(self):
        made = Host().run(op.run)
        self.assertEqual((made.ok, made.tag), (False, "missing-parameter:url"))


if __name__ == "__main__":
    unittest.main()

"""Plays the service: needs neither gorgon nor a network."""

import unittest

from gorgon.testing import Host

import op


class Operation(unittest.TestCase):
    def test_the_status_of_the_page_is_the_tag(self):
        host = Host(number=17, parameters={"url": "http://service/page"}, answers=lambda request: 200)
        call = host.run(op.run)
        self.assertEqual((call.ok, call.tag), (True, "200"))
        self.assertEqual(call.requests[0].url, "http://service/page?number=17")


if __name__ == "__main__":
    unittest.main()

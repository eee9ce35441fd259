"""What would end a call without a traceback is refused before."""

import unittest

from gorgon import context, http, log, measure
from gorgon.testing import Host

HALF = "\ud800"


class Checks(unittest.TestCase):
    def test_names_are_text(self):
        with Host(answers=lambda request: 200):
            response = http.get("http://a/")
            for function in (measure.span, measure.count, context.parameter, context.cell):
                with self.assertRaisesRegex(TypeError, "the name of a .* is a str, not 7"):
                    function(7)
                with self.assertRaises(UnicodeEncodeError):
                    function(HALF)
            with self.assertRaisesRegex(TypeError, "a header is a str"):
                response.header(7)

    def test_numbers_are_whole_and_not_negative(self):
        with Host():
            with self.assertRaisesRegex(OverflowError, "what is added is from 0"):
                measure.count("a", -1)
            with self.assertRaisesRegex(TypeError, "an int, not 1.5"):
                measure.record_ns("a", 1.5)

    def test_a_request_is_made_of_the_right_types(self):
        for options in [{"name": 7}, {"keep": "1"}, {"redirects": None}, {"headers": {7: 1}}]:
            with self.assertRaises(TypeError, msg=options):
                http.Request("GET", "http://a/", **options)
        for options in [{"keep": 1 << 32}, {"redirects": -1}]:
            with self.assertRaises(OverflowError, msg=options):
                http.Request("GET", "http://a/", **options)
        with self.assertRaisesRegex(TypeError, "a URL is a str, not 17"):
            http.Request("GET", 17)
        with self.assertRaises(UnicodeEncodeError):
            http.Request("GET", "http://a/", headers={"a": HALF})

    def test_a_tag_can_be_sent(self):
        with self.assertRaises(UnicodeEncodeError):
            Host().run(lambda: HALF)

    def test_a_line_of_the_log_always_can(self):
        with Host() as call:
            log.info(f"a {HALF} b")
        self.assertEqual(call.log[0].text, "a \\ud800 b")

"""What an operation returns or raises, and the tag it becomes."""

import enum
import unittest

import gorgon
from gorgon import context, http
from gorgon.testing import Call, Host, LogLine


def call(value: object) -> Call:
    return Host().run(lambda: value)


class Outcome(enum.Enum):
    SOLD_OUT = "sold-out"


class Tags(unittest.TestCase):
    def check(self, value: object, ok: bool, tag: str) -> None:
        made = call(value)
        self.assertEqual((made.ok, made.tag), (ok, tag))

    def test_what_is_returned_decides(self):
        self.check(None, True, "SUCCESS")
        self.check(True, True, "SUCCESS")
        self.check(False, False, "FAIL")
        self.check("größe→☃ 日本 🦀", True, "größe→☃ 日本 🦀")
        self.check("", True, "")
        self.check(Outcome.SOLD_OUT, True, "sold-out")
        self.check(200, True, "200")
        self.check(399, True, "399")
        self.check(400, False, "400")
        self.check(199, False, "199")

    def test_a_response_is_its_status(self):
        for status, ok in [(200, True), (302, True), (404, False), (500, False)]:
            host = Host(answers=lambda request, status=status: status)
            made = host.run(lambda: http.get("http://a/"))
            self.assertEqual((made.ok, made.tag), (ok, str(status)))

    def test_anything_else_is_a_mistake_that_says_what_can_be_returned(self):
        with self.assertRaisesRegex(TypeError, r"returned \{'a': 1\}, which is not a tag: .* str"):
            call({"a": 1})


class Failures(unittest.TestCase):
    def test_a_failure_has_a_tag_and_perhaps_a_reason(self):
        def run():
            raise gorgon.Fail("sold-out", because="no books left")

        made = Host().run(run)
        self.assertEqual((made.ok, made.tag), (False, "sold-out"))
        self.assertEqual(made.log, [LogLine("error", "no books left")])

    def test_without_a_reason_nothing_is_logged(self):
        def run():
            raise gorgon.Fail("sold-out")

        self.assertEqual(Host().run(run).log, [])

    def test_the_cause_is_a_reason(self):
        def run():
            try:
                {}["id"]
            except KeyError as error:
                raise gorgon.Fail("no-id") from error

        self.assertEqual(Host().run(run).log, [LogLine("error", "KeyError: 'id'")])

    def test_any_other_exception_is_left_alone(self):
        def run():
            return {}["id"]

        with self.assertRaises(KeyError):
            Host().run(run)

    def test_an_operation_may_want_the_number_or_not(self):
        self.assertEqual(Host(number=7).run(lambda number: str(number)).tag, "7")
        self.assertEqual(Host(number=7).run(lambda: str(context.number())).tag, "7")

"""The world of a test: its clock, its redirects, its log, its random values."""

import logging
import random
import unittest
from datetime import timedelta

from gorgon import clock, http, log, measure
from gorgon.testing import Answer, Host, LogLine


class Clock(unittest.TestCase):
    def test_it_moves_only_when_the_operation_waits(self):
        with Host() as call:
            self.assertEqual(clock.now(), 0)
            clock.sleep(1.5)
            clock.sleep(timedelta(milliseconds=500))
            self.assertEqual((clock.now(), clock.now_ns()), (2, 2_000_000_000))
        self.assertEqual(call.elapsed, 2)

    def test_an_answer_that_takes_too_long_is_a_timeout(self):
        with Host(answers=lambda request: Answer(200, after=3)) as call:
            self.assertTrue(http.get("http://a/", timeout=3).ok)
            with self.assertRaises(http.Timeout):
                http.get("http://a/", timeout=1, name="slow")
        self.assertEqual(call.elapsed, 4)


class Measurements(unittest.TestCase):
    def test_spans_nest_and_repeat(self):
        with Host() as call, measure.span("outer"):
            for _ in range(2):
                with measure.span("inner"):
                    clock.sleep(1)
        self.assertEqual(call.measurements("inner"), [1, 1])
        self.assertEqual(call.measurements("outer"), [2])

    def test_a_span_ends_where_it_is_told_to_and_once(self):
        with Host() as call:
            with measure.span("a") as span:
                clock.sleep(1)
                span.end()
                clock.sleep(1)
            measure.span("never ended")
        self.assertEqual(call.measurements("a"), [1])
        self.assertEqual(call.measurements("never ended"), [])

    def test_samples_counters_and_checks(self):
        with Host() as call:
            measure.record("queue", 0.007)
            measure.record_ns("queue", 17)
            measure.count("items")
            measure.count("items", 4)
            self.assertTrue(measure.check("found", [1]))
            self.assertFalse(measure.check("found", 0))
        self.assertEqual(call.measurements("queue"), [0.007, 17e-9])
        self.assertEqual(call.counter("items"), 5)
        self.assertEqual(call.checks("found"), (1, 1))

    def test_a_named_request_is_a_sample(self):
        with Host(answers=lambda request: Answer(200, after=0.5)) as call:
            http.get("http://a/", name="page")
        self.assertEqual(call.measurements("page"), [0.5])


class Redirects(unittest.TestCase):
    @staticmethod
    def answers(request):
        if request.url == "http://a/1":
            return Answer(302, headers={"Location": "2"})
        return Answer(307, headers={"location": "/3"}) if request.url == "http://a/2" else 200

    def test_they_are_followed_as_far_as_asked(self):
        for most, status, urls in [
            (0, 302, ["http://a/1"]),
            (1, 307, ["http://a/1", "http://a/2"]),
            (5, 200, ["http://a/1", "http://a/2", "http://a/3"]),
        ]:
            with Host(answers=self.answers) as call:
                self.assertEqual(http.post("http://a/1", data="x", redirects=most).status, status)
            self.assertEqual([request.url for request in call.requests], urls)

    def test_a_post_becomes_a_get(self):
        with Host(answers=self.answers) as call:
            http.post("http://a/1", data="x", redirects=1)
        sent = [(request.method, request.body) for request in call.requests]
        self.assertEqual(sent, [("POST", b"x"), ("GET", None)])


class Log(unittest.TestCase):
    def test_there_is_a_function_for_each_level(self):
        with Host() as call:
            for level in ("debug", "info", "warn", "error"):
                getattr(log, level)(f"a {level}")
        levels = [LogLine(level, f"a {level}") for level in ("debug", "info", "warn", "error")]
        self.assertEqual(call.log, levels)

    def test_logging_can_be_sent_there(self):
        logger = logging.Logger("shop")
        logger.addHandler(log.Handler())
        with Host() as call:
            logger.debug("a %s", "b")
            logger.warning("c")
            logger.critical("d")
        lines = [LogLine("debug", "a b"), LogLine("warn", "c"), LogLine("error", "d")]
        self.assertEqual(call.log, lines)


class Random(unittest.TestCase):
    @staticmethod
    def draws(**host):
        with Host(**host):
            return [random.random() for _ in range(3)]

    def test_the_values_follow_from_seed_and_number(self):
        self.assertEqual(self.draws(number=1), self.draws(number=1))
        self.assertNotEqual(self.draws(number=1), self.draws(number=2))
        self.assertNotEqual(self.draws(seed=1), self.draws(seed=2))

    def test_an_operation_draws_the_same_twice(self):
        host = Host(number=5)
        tags = {host.run(lambda: str(random.random())).tag for _ in range(3)}
        self.assertEqual(len(tags), 1)

    def test_the_generator_of_the_test_goes_on_afterwards(self):
        random.seed(1)
        expected = random.random(), random.random()
        random.seed(1)
        first = random.random()
        self.draws()
        self.assertEqual((first, random.random()), expected)


class Answers(unittest.TestCase):
    def test_without_answers_every_connection_is_refused(self):
        made = Host().run(lambda: http.get("http://a/"))
        self.assertEqual((made.ok, made.tag), (False, "connect"))

    def test_a_reply_that_is_none_is_a_mistake_of_the_test(self):
        with (
            Host(answers=lambda request: None),
            self.assertRaisesRegex(TypeError, "can be answered"),
        ):
            http.get("http://a/")

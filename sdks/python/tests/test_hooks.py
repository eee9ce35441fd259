"""The decorators, and the hooks they register."""

import unittest
from unittest import mock

import gorgon
from gorgon import _entry, _hooks
from gorgon.testing import Host


class Hooks(unittest.TestCase):
    def setUp(self):
        self.enterContext(mock.patch.object(_hooks, "_marked", []))

    if not hasattr(unittest.TestCase, "enterContext"):  # before Python 3.11

        def enterContext(self, manager):
            value = manager.__enter__()
            self.addCleanup(manager.__exit__, None, None, None)
            return value

    def test_a_decorated_function_stays_what_it_is(self):
        @gorgon.operation
        def run(number):
            return "x"

        self.assertEqual(run(1), "x")
        self.assertIs(_hooks.collect().operation, run)
        self.assertFalse(_hooks.collect().has_lifecycle)

    def test_all_hooks_are_collected(self):
        @gorgon.operation
        def run():
            pass

        @gorgon.setup
        def setup():
            pass

        @gorgon.start
        def start(shared):
            pass

        @gorgon.stop
        def stop():
            pass

        @gorgon.teardown
        def teardown():
            pass

        self.assertEqual(_hooks.collect(), (run, setup, start, stop, teardown))
        self.assertTrue(_hooks.collect().has_lifecycle)

    def test_there_has_to_be_one_operation(self):
        with self.assertRaisesRegex(ValueError, "no function has @gorgon.operation"):
            _hooks.collect()
        gorgon.operation(lambda: None)
        gorgon.operation(lambda: None)
        with self.assertRaisesRegex(ValueError, "two functions with @gorgon.operation"):
            _hooks.collect()

    def test_a_function_that_cannot_be_called_is_refused_at_once(self):
        with self.assertRaisesRegex(TypeError, "wants 2 arguments and gets one"):
            gorgon.operation(lambda a, b: None)
        with self.assertRaisesRegex(TypeError, "wants 1 arguments and gets no argument"):
            gorgon.setup(lambda a: None)
        with self.assertRaisesRegex(TypeError, "without parentheses"):
            gorgon.operation("checkout")

        async def run(number):
            pass

        with self.assertRaisesRegex(TypeError, "without `async`"):
            gorgon.operation(run)

    def test_a_hook_takes_what_setup_returned_or_nothing(self):
        with Host():
            self.assertEqual(_entry.hook(lambda shared: shared, b"x"), b"x")
            self.assertIsNone(_entry.hook(lambda: None, b"x"))
            self.assertIsNone(_entry.hook(lambda *, other=1: None, b"x"))
            self.assertEqual(_entry.hook(lambda *all: all, b"x"), (b"x",))

    def test_setup_returns_bytes_text_or_nothing(self):
        for value, octets in [
            (None, b""),
            ("ö", "ö".encode()),
            (b"x", b"x"),
            (bytearray(b"y"), b"y"),
        ]:
            self.assertEqual(_entry.to_share(value), octets)
        with self.assertRaisesRegex(TypeError, "json.dumps"):
            _entry.to_share({"a": 1})

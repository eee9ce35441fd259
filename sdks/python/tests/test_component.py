"""What a component exports, and how it talks to gorgon, with the generated modules played."""

import contextvars
import importlib
import io
import sys
import unittest
from contextlib import redirect_stderr
from dataclasses import dataclass, make_dataclass
from enum import Enum
from types import ModuleType, SimpleNamespace
from unittest import mock

from gorgon import Fail, http
from gorgon._hooks import Hooks
from gorgon._host import Answer

PHASES = ["BLOCKED", "DNS", "CONNECT", "TLS", "SEND", "WAIT", "RECEIVE", "OTHER"]
ERRORS = ["InvalidRequest", "Denied", "Dns", "Connect", "Tls", "Timeout", "Closed", "TooLarge"]


@dataclass
class Ok:
    value: object


@dataclass
class Err(Exception):
    value: object


def played() -> dict[str, ModuleType]:
    """The modules that componentize-py generates, as far as they are used."""
    wire = ModuleType("wit_world.imports.http")
    wire.Phase = Enum("Phase", PHASES)
    for name in [*ERRORS, "Protocol", "Decode", "Other"]:
        setattr(wire, f"Error_{name}", make_dataclass(f"Error_{name}", ["value"]))
    wire.Error_Stopped = make_dataclass("Error_Stopped", [])
    fields = ["method", "url", "headers", "body", "body_mode", "decode", "redirects", "timeout"]
    wire.Request = make_dataclass("Request", [*fields, "name", "extra"])
    wire.BodyMode_Full = make_dataclass("BodyMode_Full", [])
    wire.BodyMode_Discard = make_dataclass("BodyMode_Discard", [])
    wire.BodyMode_First = make_dataclass("BodyMode_First", ["value"])
    for name in ("get", "send", "send_all", "header", "header_all", "headers_of", "timings_of"):
        setattr(wire, name, mock.Mock())
    wire.reused = wire.version = mock.Mock()

    imports = ModuleType("wit_world.imports")
    imports.clock, imports.context, imports.measure = mock.Mock(), mock.Mock(), mock.Mock()
    imports.context.random.return_value = 7
    imports.context.parameter.return_value = None
    imports.http = wire
    types = ModuleType("componentize_py_types")
    types.Ok, types.Err = Ok, Err
    return {
        "componentize_py_types": types,
        "wit_world": ModuleType("wit_world"),
        "wit_world.imports": imports,
        "wit_world.imports.http": wire,
    }


class Component(unittest.TestCase):
    def setUp(self):
        modules = played()
        self.imports = modules["wit_world.imports"]
        self.wire = self.imports.http
        patch = mock.patch.dict(sys.modules, modules)
        patch.start()
        self.addCleanup(patch.stop)
        self.wasm = importlib.import_module("gorgon._wasm")
        self.component = importlib.import_module("gorgon._component")
        self.component._folder = "/1/"

    def run_in_component(self, function, *arguments):
        def inside():
            from gorgon import _host

            _host.current.set(self.wasm)
            return function(*arguments)

        return contextvars.copy_context().run(inside)

    def call(self, operation):
        self.component._calls = Hooks(operation)
        return self.run_in_component(self.component.Operation().run, 7)

    def test_a_tag_is_returned_and_a_failing_one_raised(self):
        self.assertEqual(self.call(lambda number: f"n{number}"), "n7")
        with self.assertRaises(Err) as raised:
            self.call(lambda number: False)
        self.assertEqual(raised.exception.value, "FAIL")

    def test_hooks_get_and_give_bytes_and_fail_with_a_sentence(self):
        seen = []

        def start(shared):
            seen.append(shared)

        def teardown():
            raise Fail("still there")

        self.component._calls = Hooks(
            lambda: None, setup=lambda: "ö", start=start, teardown=teardown
        )
        lifecycle = self.component.Lifecycle()
        shared = self.run_in_component(lifecycle.setup)
        self.run_in_component(lifecycle.start, shared)
        self.run_in_component(lifecycle.stop)
        self.run_in_component(lifecycle.teardown, shared)
        self.assertEqual(seen, ["ö".encode()])
        line = self.imports.context.log.call_args.args[1]
        self.assertEqual(line, "teardown failed: still there")

        def broken():
            raise KeyError("id")

        self.component._calls = Hooks(lambda: None, setup=broken)
        with self.assertRaises(Err) as raised, redirect_stderr(io.StringIO()) as said:
            self.run_in_component(lifecycle.setup)
        self.assertEqual(raised.exception.value, "KeyError: 'id'")
        self.assertIn("Traceback", said.getvalue())

    def explain(self, error: Exception) -> str:
        with redirect_stderr(io.StringIO()) as said:
            self.component.explain(type(error), error, error.__traceback__)
        return said.getvalue()

    def test_the_folder_of_the_build_is_not_shown(self):
        code = compile("def f():\n    raise ValueError('/1/ stays')\nf()", "/1/op.py", "exec")
        try:
            exec(code, {})
        except ValueError as error:
            said = self.explain(error)
        self.assertIn('File "op.py", line 2, in f', said)
        self.assertTrue(said.endswith("ValueError: /1/ stays\n"), said)

    def test_a_long_complaint_begins_with_its_end(self):
        said = self.explain(ValueError("x" * 600))
        self.assertTrue(said.startswith("ValueError: xxx"), said)

    @unittest.skipUnless(hasattr(Exception, "add_note"), "notes came with Python 3.11")
    def test_a_late_import_is_explained(self):
        for error in (ModuleNotFoundError("wave"), LookupError("unknown encoding: koi8_r")):
            self.assertIn("import it at the top", self.explain(error))
        self.assertNotIn("import it", self.explain(LookupError("no such cart")))

    def test_a_plain_get_takes_the_short_way(self):
        self.wire.get.return_value = SimpleNamespace(id=3, status=200, body=b"x", body_size=1)
        answer = self.wasm.send(http.Request("GET", "http://a/"))
        self.assertEqual(answer, Answer(3, 200, b"x", 1))
        self.wire.send.assert_not_called()

    def test_everything_said_about_a_request_is_sent(self):
        options = {"headers": {"a": 1}, "data": "b", "timeout": 1, "redirects": 2, "name": "n"}
        for keep, mode in [
            (None, self.wire.BodyMode_Full()),
            (0, self.wire.BodyMode_Discard()),
            (5, self.wire.BodyMode_First(5)),
        ]:
            more = {} if keep is None else {"keep": keep}
            request = http.Request("PUT", "http://a/", **options, compressed=True, **more)
            self.wasm.send(request)
            sent = self.wire.send.call_args.args[0]
            expected = ("PUT", "http://a/", [("a", "1")], b"b", mode, True, 2, 10**9, "n", [])
            self.assertEqual(sent, self.wire.Request(*expected))

    def test_errors_have_the_classes_of_the_sdk(self):
        classes = [
            http.InvalidRequest,
            http.Denied,
            http.DnsError,
            http.ConnectError,
            http.TlsError,
        ]
        for name, expected in zip(ERRORS, classes, strict=False):
            self.wire.get.side_effect = Err(getattr(self.wire, f"Error_{name}")("why"))
            with self.assertRaises(expected) as raised:
                self.wasm.send(http.Request("GET", "http://a/"))
            self.assertEqual(raised.exception.detail, "why")
        for phase in PHASES:
            self.wire.get.side_effect = Err(self.wire.Error_Timeout(self.wire.Phase[phase]))
            with self.assertRaises(http.Timeout) as raised:
                self.wasm.send(http.Request("GET", "http://a/"))
            self.assertEqual(raised.exception.phase, http.Phase[phase])

    def test_several_at_once_are_answers_and_errors(self):
        response = SimpleNamespace(id=1, status=204, body=b"", body_size=0)
        self.wire.send_all.return_value = [Ok(response), Err(self.wire.Error_Stopped())]
        first, second = self.wasm.send_all([http.Request("GET", "http://a/")] * 2)
        self.assertEqual(first.status, 204)
        self.assertIsInstance(second, http.Stopped)

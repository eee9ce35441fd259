"""Requests as they are made, responses as they are read, errors as they end a call."""

import unittest
from datetime import timedelta

from gorgon import http
from gorgon.testing import Answer, Call, Host, Request


def sent(method: str = "GET", url: str = "http://a/", **options) -> Request:
    return http.Request(method, url, **options)


class Requests(unittest.TestCase):
    def test_each_method_has_a_function(self):
        with Host(answers=lambda request: 204) as call:
            for send in (http.get, http.head, http.post, http.put, http.patch, http.delete):
                send("http://a/")
            http.options("http://a/")
            http.request("PURGE", "http://a/")
        methods = [request.method for request in call.requests]
        known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        self.assertEqual(methods, [*known, "PURGE"])

    def test_json_has_a_content_type_unless_there_is_one(self):
        request = sent("POST", json={"item": "Größe", "quantity": 2})
        self.assertEqual(request.body, '{"item":"Größe","quantity":2}'.encode())
        self.assertEqual(request.headers, [("content-type", "application/json")])
        request = sent("POST", json=[], headers={"Content-Type": "application/vnd.api+json"})
        self.assertEqual(request.headers, [("Content-Type", "application/vnd.api+json")])
        self.assertEqual(request.json(), [])

    def test_data_is_bytes_text_or_a_form(self):
        self.assertEqual(sent(data=b"\xff").body, b"\xff")
        self.assertEqual(sent(data="ö").body, "ö".encode())
        form = sent(data={"a": "1 2", "b": ["x", "y"]})
        self.assertEqual(form.text, "a=1+2&b=x&b=y")
        self.assertEqual(form.header("Content-Type"), "application/x-www-form-urlencoded")

    def test_params_are_added_to_the_query(self):
        for url, expected in [
            ("http://a/", "http://a/?n=1&n=2"),
            ("http://a/?m=0", "http://a/?m=0&n=1&n=2"),
            ("http://a/#x?", "http://a/?n=1&n=2#x?"),
        ]:
            self.assertEqual(sent(url=url, params=[("n", 1), ("n", 2)]).url, expected)

    def test_credentials_are_a_header(self):
        self.assertEqual(sent(bearer="t").header("authorization"), "Bearer t")
        request = sent(auth=("Aladdin", "open sesame"))
        self.assertEqual(request.header("authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")

    def test_limits_are_seconds_or_timedeltas(self):
        request = sent(timeout=1.5, connect_timeout=timedelta(milliseconds=3), first_byte_timeout=2)
        self.assertEqual(request.timeout_ns, 1_500_000_000)
        self.assertEqual(request.timeout, 1.5)
        self.assertIn(("connect-timeout", "3000000"), request.extra)
        self.assertIn(("first-byte-timeout", "2000000000"), request.extra)

    def test_a_request_is_plain_until_something_is_said_about_it(self):
        self.assertTrue(sent().is_plain())
        self.assertTrue(sent(params={"a": 1}).is_plain())
        said = [{"name": "a"}, {"keep": 0}, {"redirects": 1}, {"compressed": True}, {"timeout": 1}]
        for options in [*said, {"headers": {"a": 1}}, {"data": b""}, {"extra": {"a": 1}}]:
            self.assertFalse(sent(**options).is_plain(), options)
        self.assertFalse(sent("HEAD").is_plain())

    def test_what_cannot_be_said_is_refused(self):
        with self.assertRaisesRegex(TypeError, "no option time_out"):
            sent(time_out=1)
        with self.assertRaisesRegex(TypeError, "one body"):
            sent(json=1, data=b"")
        with self.assertRaisesRegex(http.InvalidRequest, "cannot be JSON"):
            sent(json=object())


class Responses(unittest.TestCase):
    def test_a_response_is_read_as_text_json_and_headers(self):
        reply = Answer(201, json={"id": "c7"}, headers=[("A", "1"), ("a", "2")], after=0.25)
        with Host(answers=lambda request: reply):
            response = http.get("http://a/")
            self.assertEqual((response.status, response.ok), (201, True))
            self.assertEqual(response.body, b'{"id": "c7"}')
            self.assertEqual(response.text, '{"id": "c7"}')
            self.assertEqual(response.json(), {"id": "c7"})
            self.assertEqual(response.header("A"), "1")
            self.assertEqual(response.header_all("a"), ["1", "2"])
            self.assertIsNone(response.header("b"))
            self.assertEqual(response.header("b", "none"), "none")
            self.assertEqual(response.headers[2], ("content-type", "application/json"))
            self.assertEqual(response.timings.total, 0.25)
            self.assertEqual((response.reused, response.version), (False, "HTTP/1.1"))
            self.assertTrue(http.get("http://a/").reused)

    def test_only_so_much_is_kept(self):
        with Host(answers=lambda request: (200, b"12345")):
            for keep, body in [(None, b"12345"), (0, b""), (2, b"12")]:
                response = http.send(sent(keep=keep))
                self.assertEqual((response.body, response.body_size), (body, 5))

    def test_a_status_of_400_or_more_can_be_raised(self):
        with Host(answers=lambda request: 399):
            response = http.get("http://a/")
            self.assertIs(response.raise_for_status(), response)
        made = Host(answers=lambda request: 404).run(
            lambda: http.get("http://a/").raise_for_status()
        )
        self.assertEqual((made.ok, made.tag, made.log), (False, "404", []))

    def test_a_body_that_is_not_json_fails_and_is_logged(self):
        made = Host(answers=lambda request: (200, "<html>")).run(
            lambda: http.get("http://a/").json()
        )
        self.assertEqual((made.ok, made.tag), (False, "json"))
        self.assertIn("not JSON", made.log[0].text)


class Errors(unittest.TestCase):
    def call(self, error: http.Error) -> Call:
        return Host(answers=lambda request: error).run(lambda: http.get("http://a/"))

    def test_each_has_a_short_tag(self):
        for error, tag in [
            (http.InvalidRequest("no host"), "invalid-request"),
            (http.Denied("--allow-host"), "denied"),
            (http.DnsError("nowhere"), "dns"),
            (http.ConnectError("refused"), "connect"),
            (http.TlsError("expired"), "tls"),
            (http.Timeout(http.Phase.WAIT), "timeout"),
            (http.Closed(http.Phase.SEND), "closed"),
            (http.TooLarge(16), "too-large"),
            (http.ProtocolError("status line"), "protocol"),
            (http.DecodeError("gzip"), "decode"),
            (http.Stopped(), "stopped"),
            (http.OtherError("?"), "other"),
        ]:
            made = self.call(error)
            self.assertEqual((made.ok, made.tag), (False, tag))
            # A line for each refused connection would bury the others.
            self.assertEqual(bool(made.log), tag == "invalid-request")

    def test_they_say_more_to_people(self):
        self.assertEqual(str(http.ConnectError("refused")), "no connection: refused")
        self.assertEqual(
            str(http.Timeout(http.Phase.WAIT)), "the time limit ran out (waiting for the answer)"
        )
        self.assertEqual(http.Timeout(http.Phase.WAIT).phase, http.Phase.WAIT)
        self.assertEqual(str(http.StatusError(404)), "the status is 404")

    def test_they_can_be_caught(self):
        def run():
            try:
                http.get("http://a/")
            except http.Timeout:
                return "slow"
            except http.Error as error:
                return f"no {error.tag}"

        answers = {"a": http.Timeout(), "b": http.ConnectError()}
        for name, tag in [("a", "slow"), ("b", "no connect")]:
            self.assertEqual(Host(answers=lambda request, n=name: answers[n]).run(run).tag, tag)

    def test_several_at_once_have_an_error_in_the_place_of_an_answer(self):
        def answers(request):
            if request.url.endswith("1"):
                raise http.ConnectError("refused")
            return Answer(200, after=int(request.url[-1]))

        with Host(answers=answers) as call:
            first, second, third = http.send_all(sent(url=f"http://a/{n}") for n in range(3))
        self.assertEqual((first.status, third.status), (200, 200))
        self.assertIsInstance(second, http.ConnectError)
        self.assertEqual(call.elapsed, 2)

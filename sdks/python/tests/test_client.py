"""Clients: what they add to requests, and the cookies they keep."""

import unittest
from urllib.parse import urlsplit

from gorgon import clock, http
from gorgon.http.cookies import CAPACITY, Jar
from gorgon.testing import Answer, Host


class Clients(unittest.TestCase):
    def test_urls_are_put_behind_the_base(self):
        client = http.Client("http://a/api/")
        with Host(answers=lambda request: 200) as call:
            for url in ("/users", "users?u=http://b", "http://b/x", ""):
                client.get(url)
        urls = [
            "http://a/api/users",
            "http://a/api/users?u=http://b",
            "http://b/x",
            "http://a/api/",
        ]
        self.assertEqual([request.url for request in call.requests], urls)

    def test_headers_and_limits_are_those_of_the_request_first(self):
        client = http.Client("http://a", headers={"Accept": "text/html", "x": 1}, timeout=2)
        with Host(answers=lambda request: 200) as call:
            client.get("/", headers={"accept": "*/*"}, timeout=1)
            client.put("/")
        first, second = call.requests
        self.assertEqual((first.headers, first.timeout), ([("accept", "*/*"), ("x", "1")], 1))
        self.assertEqual((second.header("Accept"), second.timeout), ("text/html", 2))

    def test_cookies_come_back_to_their_site(self):
        def site(request):
            if request.method == "POST":
                return Answer(204, headers=[("set-cookie", "id=7; Path=/"), ("set-cookie", "a=b")])
            return 200

        client = http.Client("http://shop")
        with Host(answers=site) as call:
            client.post("/in/login")
            client.get("/in/account")
            client.get("/")
            client.get("http://other/")
            client.get("/", headers={"cookie": "mine=1"})
            self.assertEqual(client.cookies, {"id": "7", "a": "b"})
            client.clear_cookies()
            client.get("/")
        sent = [request.header("cookie") for request in call.requests]
        self.assertEqual(sent, [None, "a=b; id=7", "id=7", None, "mine=1", None])

    def test_redirects_see_the_cookies_of_each_step(self):
        def site(request):
            if request.url == "http://shop/login":
                return Answer(303, headers={"location": "/home", "set-cookie": "id=7"}, after=1)
            if request.url == "http://shop/home":
                return Answer(302, headers={"location": "http://other/"}, after=1)
            return Answer(200, after=1)

        client = http.Client("http://shop", redirects=5)
        with Host(answers=site) as call:
            response = client.post("/login", json=1, bearer="t", name="login")
        self.assertEqual(response.status, 200)
        steps = [(r.method, r.header("cookie"), r.header("authorization")) for r in call.requests]
        expected = [("POST", None, "Bearer t"), ("GET", "id=7", "Bearer t"), ("GET", None, None)]
        self.assertEqual(steps, expected)
        self.assertIsNone(call.requests[1].header("content-type"))
        self.assertEqual(call.measurements("login"), [3])

    def test_the_steps_of_a_redirect_share_one_limit(self):
        def site(request):
            return Answer(302, headers={"location": "/"}, after=1)

        client = http.Client("http://shop", redirects=9, timeout=2.5)
        with Host(answers=site) as call, self.assertRaises(http.Timeout):
            client.get("/")
        self.assertEqual((len(call.requests), call.elapsed), (3, 2.5))

    def test_a_url_that_cannot_be_read_fails_the_call(self):
        for location, url in [("/", "http://[a/"), ("http://[a/", "http://a/")]:
            reply = Answer(302, headers={"location": location})
            host = Host(answers=lambda request, reply=reply: reply)
            with host, self.assertRaisesRegex(http.InvalidRequest, "cannot be read"):
                http.Client(redirects=2).get(url)

    def test_one_without_cookies_leaves_redirects_to_gorgon(self):
        client = http.Client(cookies=False)
        with Host(answers=lambda request: Answer(204, headers={"set-cookie": "a=b"})):
            client.get("http://a/", redirects=2)
        self.assertEqual(client.cookies, {})


class Cookies(unittest.TestCase):
    def check(self, url: str, header: str, asked: str, sent: str | None) -> None:
        jar = Jar()
        jar.store(url, header, 0)
        self.assertEqual(jar.header(asked, 0), sent, (url, header, asked))

    def test_domains(self):
        here = "http://www.a.test/"
        for domain, asked, sent in [
            ("", "http://www.a.test/", "k=v"),
            ("", "http://x.www.a.test/", None),
            ("; Domain=a.test", "http://b.a.test/", "k=v"),
            ("; domain=.A.test", "http://a.test/", "k=v"),
            ("; Domain=a.test", "http://ba.test/", None),
            ("; Domain=test", "http://a.test/", None),
            ("; Domain=b.test", "http://b.test/", None),
        ]:
            self.check(here, f"k=v{domain}", asked, sent)
        self.check("http://127.0.0.1/", "k=v; Domain=127.0.0.1", "http://127.0.0.1:8080/", "k=v")
        self.check("http://127.0.0.1/", "k=v; Domain=0.0.1", "http://127.0.0.1/", None)

    def test_paths(self):
        for path, asked, sent in [
            ("", "/in/x", "k=v"),
            ("", "/in", "k=v"),
            ("", "/inn", None),
            ("; Path=/", "/", "k=v"),
            ("; Path=/", "", "k=v"),
            ("; Path=/a/", "/a/b", "k=v"),
            ("; Path=/a/", "/a", None),
            ("; Path=a", "/in/x", "k=v"),
        ]:
            self.check("http://h.test/in/page", f"k=v{path}", f"http://h.test{asked}", sent)

    def test_secure_ones_stay_on_tls_and_this_machine(self):
        self.check("https://a.test/", "k=v; Secure", "https://a.test/", "k=v")
        self.check("https://a.test/", "k=v; Secure", "http://a.test/", None)
        self.check("http://a.test/", "k=v; Secure", "https://a.test/", None)
        self.check("http://localhost:1/", "k=v; Secure", "http://localhost:2/", "k=v")

    def test_they_end(self):
        jar = Jar()
        jar.store("http://a.test/", "k=v; Max-Age=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 0)
        second = clock.nanos(1)
        self.assertEqual(jar.header("http://a.test/", second), "k=v")
        self.assertIsNone(jar.header("http://a.test/", 2 * second))
        for end in ("Max-Age=0", "Max-Age=-1", "Expires=Thu, 01-Jan-1970 00:00:00 GMT"):
            jar.store("http://a.test/", "k=v", 0)
            jar.store("http://a.test/", f"k=; {end}", 0)
            self.assertIsNone(jar.header("http://a.test/", 0), end)
        self.check(
            "http://a.test/", "k=v; Expires=Thu, 01 Jan 2099 00:00:00 GMT", "http://a.test/", "k=v"
        )

    def test_what_is_no_cookie_is_left_out(self):
        for header in ("", "k", "=v", ";", "; Path=/"):
            self.check("http://a.test/", header, "http://a.test/", None)

    def test_the_oldest_go_first(self):
        jar = Jar()
        for number in range(CAPACITY + 1):
            jar.store("http://a.test/", f"k{number}=v", 0)
        names = [cookie.name for cookie in jar.cookies]
        self.assertEqual((len(names), names[0]), (CAPACITY, "k1"))
        self.assertTrue(jar.cookies[0].fits(urlsplit("http://a.test/")))

"""What several requests have in common."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from copy import copy
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from gorgon import measure
from gorgon._host import host
from gorgon.clock import Seconds, nanos
from gorgon.http.cookies import Jar
from gorgon.http.errors import InvalidRequest, Phase, Timeout
from gorgon.http.request import Options, Request
from gorgon.http.response import Response

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Client:
    """What several requests have in common: a base URL, headers, limits, and a user's cookies.

    Connections are not its business: those belong to the worker and are kept without it::

        client = http.Client(base="http://shop", headers={"accept": "text/html"})
        client.post("/login", data={"user": "medusa"}).raise_for_status()
        account = client.get("/account")

    Made in ``@gorgon.start`` and kept in a global, it is one virtual user, who logs in once. Made
    within the operation, it is a new user for each call.
    """

    def __init__(
        self,
        base: str = "",
        *,
        headers: Mapping[str, object] | None = None,
        timeout: Seconds | None = None,
        redirects: int = 0,
        cookies: bool = True,
    ) -> None:
        self.base = base
        """What the URLs of its requests are put behind, unless they are absolute."""
        self.headers = {name.lower(): str(value) for name, value in (headers or {}).items()}
        """Headers of every request that does not have them itself."""
        self.timeout = timeout
        """The limit of every request that has none of its own."""
        self.redirects = redirects
        """How many redirects are followed by every request that does not say it itself."""
        self._jar = Jar() if cookies else None

    def get(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a GET and wait for the response."""
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a HEAD and wait for the response."""
        return self.request("HEAD", url, **options)

    def post(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a POST and wait for the response."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a PUT and wait for the response."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a PATCH and wait for the response."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[Options]) -> Response:
        """Send a DELETE and wait for the response."""
        return self.request("DELETE", url, **options)

    def request(self, method: str, url: str, **options: Unpack[Options]) -> Response:
        """Send a request with any method and wait for the response."""
        options.setdefault("redirects", self.redirects)
        request = Request(method, self._absolute(url), **options)
        given = {name.lower() for name, _ in request.headers}
        request.headers += [pair for pair in self.headers.items() if pair[0] not in given]
        if request.timeout_ns is None and self.timeout is not None:
            request.timeout_ns = nanos(self.timeout)
        if self._jar is None:
            return Response(host().send(request))
        return self._send(request, self._jar)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that it keeps, by name; of one name the newest."""
        return {c.name: c.value for c in self._jar.cookies} if self._jar else {}

    def clear_cookies(self) -> None:
        """Forget all cookies."""
        if self._jar:
            self._jar.cookies.clear()

    def _absolute(self, url: str) -> str:
        if self.base and "://" not in url.partition("?")[0]:
            url = f"{self.base.rstrip('/')}/{url.lstrip('/')}" if url else self.base
        return _joined("", url)

    def _send(self, request: Request, jar: Jar) -> Response:
        """Follow the redirects here, not in gorgon, to see the cookies that each step sets."""
        step = copy(request)
        step.redirects = 0
        # The user's own `cookie` header is left alone.
        own = request.header("cookie") is not None
        name = request.name if request.redirects else None
        if name is not None:
            # One sample for all steps together, where gorgon would take one for each.
            step.name = None
        limit = request.timeout_ns
        deadline = None if limit is None else host().now() + limit
        with nullcontext() if name is None else measure.span(name):
            for left in range(request.redirects, -1, -1):
                now = host().now()
                if deadline is not None:
                    step.timeout_ns = deadline - now
                    if step.timeout_ns <= 0:
                        raise Timeout(Phase.SEND)
                cookies = None if own else jar.header(step.url, now)
                step.headers = [pair for pair in step.headers if own or pair[0] != "cookie"]
                if cookies is not None:
                    step.headers.append(("cookie", cookies))
                response = Response(host().send(step))
                for cookie in response.header_all("set-cookie"):
                    jar.store(step.url, cookie, host().now())
                location = response.header("location")
                if not left or location is None or response.status not in _REDIRECTS:
                    break
                step, own = _next(step, response.status, location, own)
        return response


def _joined(base: str, url: str) -> str:
    """Return what a URL means on the page ``base``, if it can be taken apart."""
    try:
        joined = urljoin(base, url)
        urlsplit(joined)
    except ValueError as error:
        raise InvalidRequest(f"the URL `{url}` cannot be read: {error}") from error
    return joined


_REDIRECTS = (301, 302, 303, 307, 308)


def _next(step: Request, status: int, location: str, own: bool) -> tuple[Request, bool]:
    """Return the request that an answer redirects to (RFC 9110, section 15.4)."""
    following = copy(step)
    following.url = _joined(step.url, location).partition("#")[0]
    dropped: tuple[str, ...] = ()
    # For 301 and 302 not what the RFC once asked for, but what all clients do.
    if (status == 303 and step.method != "HEAD") or (status < 303 and step.method == "POST"):
        following.method, following.body = "GET", None
        dropped += ("content-type",)
    if urlsplit(step.url)[:2] != urlsplit(following.url)[:2]:
        # What identifies the user to one host is not another's to know; the jar has its own rule.
        dropped += ("authorization", "cookie")
        own = False
    following.headers = [pair for pair in step.headers if pair[0].lower() not in dropped]
    return following, own

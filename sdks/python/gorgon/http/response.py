"""A response, of which only what is read crosses into the sandbox."""

from __future__ import annotations

import json as jsonlib
from dataclasses import dataclass
from typing import Any, overload

from gorgon._check import text
from gorgon._host import Answer, host
from gorgon.http.errors import JsonError, StatusError


class Response:
    """A response. Any status is one, 500 too.

    It belongs to its call: asking for a header in a later call is a fault.
    """

    __slots__ = ("_id", "body", "body_size", "status")

    def __init__(self, answer: Answer) -> None:
        self._id, self.status, self.body, self.body_size = answer

    status: int
    """100 to 999."""
    body: bytes
    """The body, as far as the request asked for it."""
    body_size: int
    """The length of the whole body in bytes, after decoding, even where it was not kept."""

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status < 400

    def raise_for_status(self) -> Response:
        """Return the response, or raise :class:`StatusError` if its status is 400 or more."""
        if self.status >= 400:
            raise StatusError(self.status)
        return self

    @property
    def text(self) -> str:
        """The body as text. What is not UTF-8 in it becomes U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return what the body says as JSON, or raise :class:`JsonError`."""
        try:
            return jsonlib.loads(self.body)
        except ValueError as error:
            raise JsonError(error) from error

    @overload
    def header(self, name: str) -> str | None: ...
    @overload
    def header(self, name: str, default: str) -> str: ...
    def header(self, name: str, default: str | None = None) -> str | None:
        """Return the first header of that name, in any case, or the default."""
        value = host().header(self._id, text(name, "the name of a header"))
        return default if value is None else value

    def header_all(self, name: str) -> list[str]:
        """Return all values of that name, for headers that repeat, such as ``set-cookie``."""
        return host().header_all(self._id, text(name, "the name of a header"))

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All headers, in the order they came."""
        return host().headers(self._id)

    @property
    def timings(self) -> Timings:
        """Where the time of the request went."""
        return Timings(**{name: ns / 10**9 for name, ns in host().timings(self._id).items()})

    @property
    def reused(self) -> bool:
        """Whether it came over a connection that had served before."""
        return host().reused(self._id)

    @property
    def version(self) -> str:
        """The version it came in: ``HTTP/1.1``, ``HTTP/2``."""
        return host().version(self._id)

    def __repr__(self) -> str:
        return f"<Response {self.status}>"


@dataclass(frozen=True)
class Timings:
    """Where the time of a request went, in seconds. With redirects: the sums."""

    blocked: float
    """Waiting for a connection to become free."""
    dns: float
    """Looking up the name; 0 on a kept connection."""
    connect: float
    """Opening the TCP connection; 0 on a kept one."""
    tls: float
    """The TLS handshake; 0 on a kept connection."""
    send: float
    """Writing the request."""
    wait: float
    """From the last byte written to the first byte of the answer."""
    receive: float
    """From the first byte of the answer to its last."""
    total: float
    """From asking to having, all phases and the host's own work."""

"""HTTP through gorgon: its connections, its limits, its figures.

Requests are plain blocking code. While a call waits, its instance is suspended and others go on::

    answer = http.post(
        f"{url}/carts",
        json={"item": "book", "quantity": 2},
        timeout=2,
        name="cart",
    ).raise_for_status()
    cart = answer.json()

What may be said about a request is in :class:`Options`. Without a response an :class:`Error` is
raised, which ends the call with a short tag such as ``connect`` unless it is caught. Connections
are kept between calls and belong to the worker. A :class:`Client` adds a base URL and cookies.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gorgon._host import Answer, host
from gorgon.http.client import Client
from gorgon.http.errors import (
    Closed,
    ConnectError,
    DecodeError,
    Denied,
    DnsError,
    Error,
    InvalidRequest,
    JsonError,
    OtherError,
    Phase,
    ProtocolError,
    StatusError,
    Stopped,
    Timeout,
    TlsError,
    TooLarge,
)
from gorgon.http.request import Options, Request
from gorgon.http.response import Response, Timings

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = [
    "Client",
    "Closed",
    "ConnectError",
    "DecodeError",
    "Denied",
    "DnsError",
    "Error",
    "InvalidRequest",
    "JsonError",
    "Options",
    "OtherError",
    "Phase",
    "ProtocolError",
    "Request",
    "Response",
    "StatusError",
    "Stopped",
    "Timeout",
    "Timings",
    "TlsError",
    "TooLarge",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "request",
    "send",
    "send_all",
]


def get(url: str, **options: Unpack[Options]) -> Response:
    """Send a GET and wait for the response."""
    return send(Request("GET", url, **options))


def head(url: str, **options: Unpack[Options]) -> Response:
    """Send a HEAD and wait for the response."""
    return send(Request("HEAD", url, **options))


def post(url: str, **options: Unpack[Options]) -> Response:
    """Send a POST and wait for the response."""
    return send(Request("POST", url, **options))


def put(url: str, **options: Unpack[Options]) -> Response:
    """Send a PUT and wait for the response."""
    return send(Request("PUT", url, **options))


def patch(url: str, **options: Unpack[Options]) -> Response:
    """Send a PATCH and wait for the response."""
    return send(Request("PATCH", url, **options))


def delete(url: str, **options: Unpack[Options]) -> Response:
    """Send a DELETE and wait for the response."""
    return send(Request("DELETE", url, **options))


def options(url: str, **options: Unpack[Options]) -> Response:
    """Send an OPTIONS and wait for the response."""
    return send(Request("OPTIONS", url, **options))


def request(method: str, url: str, **options: Unpack[Options]) -> Response:
    """Send a request with any method and wait for the response."""
    return send(Request(method, url, **options))


def send(request: Request) -> Response:
    """Send a request that was made before, and wait for the response."""
    return Response(host().send(request))


def send_all(requests: Iterable[Request]) -> list[Response | Error]:
    """Send all requests at once, as a browser does.

    The answers are in the order of the requests, an error in the place of the one that has none::

        pages = http.send_all(http.Request("GET", f"{url}/{n}") for n in range(8))
    """
    answers = host().send_all(list(requests))
    return [Response(answer) if isinstance(answer, Answer) else answer for answer in answers]

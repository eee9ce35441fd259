"""A request, made of what a person writes."""

from __future__ import annotations

import base64
import json as jsonlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlencode

from gorgon._check import text, whole
from gorgon.clock import Seconds, nanos
from gorgon.http.errors import InvalidRequest

if TYPE_CHECKING:
    from typing_extensions import Unpack

Pairs = Mapping[str, object] | Iterable[tuple[str, object]]


class Options(TypedDict, total=False):
    """What may be said about a request beside its method and URL."""

    params: Pairs
    """Added to the query of the URL, percent-encoded. A list as a value repeats the name."""
    headers: Pairs
    """Sent as given. ``host``, ``content-length`` and their like are gorgon's to set."""
    json: object
    """A value as a JSON body, with its content type unless there is one."""
    data: bytes | str | Pairs
    """The body as it is, or fields as the body of a form, with its content type."""
    auth: tuple[str, str]
    """User and password: sends ``authorization: Basic …``."""
    bearer: str
    """A token: sends ``authorization: Bearer …``."""
    name: str
    """Also reports this request as a measurement of this name."""
    timeout: Seconds
    """The limit for all of it, redirects and body included. Without one: the call's timeout."""
    connect_timeout: Seconds
    """The limit for look-up, TCP and TLS together."""
    first_byte_timeout: Seconds
    """The limit from the request sent to the first byte of the answer."""
    redirects: int
    """How many redirects to follow; 0 unless given, which hands the 3xx answer over."""
    keep: int
    """How many bytes of the body are handed over at most. All of it is received and counted."""
    compressed: bool
    """True: asks for a compressed answer, and decodes it."""
    extra: Mapping[str, object]
    """Settings of gorgon that have no name here."""


class Request:
    """A request that has not been sent. For :func:`gorgon.http.send_all`, and in tests."""

    __slots__ = (
        "body",
        "compressed",
        "extra",
        "headers",
        "keep",
        "method",
        "name",
        "redirects",
        "timeout_ns",
        "url",
    )

    def __init__(self, method: str, url: str, **options: Unpack[Options]) -> None:
        self.method = text(method, "a method")
        """``GET``, ``POST`` or another token."""
        self.url = text(url, "a URL")
        """The absolute URL, with its query."""
        self.headers: list[tuple[str, str]] = []
        """Names and values in the order they are sent."""
        self.body: bytes | None = None
        """The body."""
        self.keep: int | None = None
        """How many bytes of the answer's body are handed over; None: all."""
        self.compressed = False
        """Whether a compressed answer is asked for."""
        self.redirects = 0
        """How many redirects are followed."""
        self.timeout_ns: int | None = None
        """The limit for the whole request in nanoseconds."""
        self.name: str | None = None
        """The measurement that it is reported as."""
        self.extra: list[tuple[str, str]] = []
        """Settings by name."""
        if options:
            self._apply(options)

    @property
    def timeout(self) -> float | None:
        """The limit for the whole request in seconds."""
        return None if self.timeout_ns is None else self.timeout_ns / 1_000_000_000

    @property
    def text(self) -> str:
        """The body as text; empty where there is none."""
        return (self.body or b"").decode("utf-8", "replace")

    def json(self) -> Any:
        """Return what the body says as JSON."""
        return jsonlib.loads(self.text)

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case."""
        wanted = name.lower()
        return next((value for other, value in self.headers if other.lower() == wanted), None)

    def is_plain(self) -> bool:
        """Tell whether this is a GET without anything said about it."""
        return (
            self.method == "GET"
            and not self.headers
            and self.body is None
            and self.keep is None
            and not self.compressed
            and not self.redirects
            and self.timeout_ns is None
            and self.name is None
            and not self.extra
        )

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url}>"

    def _apply(self, options: Options) -> None:
        unknown = options.keys() - Options.__annotations__.keys()
        if unknown:
            raise TypeError(f"a request has no option {', '.join(sorted(unknown))}")
        if params := options.get("params"):
            base, mark, fragment = self.url.partition("#")
            joint = "&" if "?" in base else "?"
            self.url = f"{base}{joint}{_form(params)}{mark}{fragment}"
        if headers := options.get("headers"):
            self.headers += [_header(name, value) for name, value in _pairs(headers)]
        if (bearer := options.get("bearer")) is not None:
            self.headers.append(_header("authorization", f"Bearer {bearer}"))
        if auth := options.get("auth"):
            token = base64.b64encode(":".join(auth).encode()).decode("ascii")
            self.headers.append(("authorization", f"Basic {token}"))
        self._set_body(options.get("json"), options.get("data"))
        if (name := options.get("name")) is not None:
            self.name = text(name, "the name of a request")
        if (keep := options.get("keep")) is not None:
            self.keep = whole(keep, "how much is kept", bits=32)
        self.redirects = whole(options.get("redirects", 0), "how many redirects", bits=32)
        self.compressed = bool(options.get("compressed"))
        if (limit := options.get("timeout")) is not None:
            self.timeout_ns = nanos(limit)
        if (limit := options.get("connect_timeout")) is not None:
            self.extra.append(("connect-timeout", str(nanos(limit))))
        if (limit := options.get("first_byte_timeout")) is not None:
            self.extra.append(("first-byte-timeout", str(nanos(limit))))
        if extra := options.get("extra"):
            self.extra += [_header(name, value) for name, value in extra.items()]

    def _set_body(self, json: object, data: bytes | str | Pairs | None) -> None:
        if json is not None and data is not None:
            raise TypeError("a request has one body: give `json` or `data`")
        if json is not None:
            try:
                body = jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":")).encode()
            except (TypeError, ValueError) as error:
                raise InvalidRequest(f"the body cannot be JSON: {error}") from error
            self._with_type(body, "application/json")
        elif isinstance(data, (bytes, bytearray, memoryview)):
            self.body = bytes(data)
        elif isinstance(data, str):
            self.body = data.encode()
        elif data is not None:
            self._with_type(_form(data).encode("ascii"), "application/x-www-form-urlencoded")

    def _with_type(self, body: bytes, content_type: str) -> None:
        self.body = body
        if self.header("content-type") is None:
            self.headers.append(("content-type", content_type))


def _pairs(pairs: Pairs) -> Iterable[tuple[str, object]]:
    return pairs.items() if isinstance(pairs, Mapping) else pairs


def _header(name: str, value: object) -> tuple[str, str]:
    return text(name, "a name"), text(str(value), "a value")


def _form(fields: Pairs) -> str:
    flat: list[tuple[str, str]] = []
    for name, value in _pairs(fields):
        is_list = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
        values: Iterable[object] = value if is_list else [value]  # type: ignore[assignment]
        flat += [(name, str(one)) for one in values]
    return urlencode(flat)

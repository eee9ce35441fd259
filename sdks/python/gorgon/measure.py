"""What the operation finds worth measuring inside a call.

Everything here is reported under the tag that the call returns in the end: how long ``login`` took
in calls that ended with ``200``, and how long in those that ended with ``timeout``::

    with measure.span("render"):
        pages = render()
    measure.count("pages", len(pages))
    measure.check("has pages", len(pages) > 0)
"""

from __future__ import annotations

from types import TracebackType

from gorgon._check import text, whole
from gorgon._host import host
from gorgon.clock import Seconds, nanos


class Span:
    """A part of the call that is being timed, until the end of its ``with``, or :meth:`end`."""

    __slots__ = ("_handle",)

    def __init__(self, name: str) -> None:
        self._handle = host().begin(text(name, "the name of a span"))

    def end(self) -> None:
        """End it. It becomes one sample; a second time does nothing."""
        host().end(self._handle)

    def __enter__(self) -> Span:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()


def span(name: str) -> Span:
    """Start timing a part of the call. Spans may nest, overlap and repeat."""
    return Span(name)


def record(name: str, seconds: Seconds) -> None:
    """Add a sample that was timed otherwise."""
    record_ns(name, nanos(seconds))


def record_ns(name: str, nanoseconds: int) -> None:
    """Add a sample that was timed otherwise, in nanoseconds."""
    host().record(text(name, "the name of a measurement"), whole(nanoseconds, "a sample"))


def count(name: str, delta: int = 1) -> None:
    """Add to a counter of the run."""
    host().count(text(name, "the name of a counter"), whole(delta, "what is added"))


def check(name: str, passed: bool) -> bool:
    """Count a named check as passed or failed, and return which.

    It neither ends the call nor changes its tag.
    """
    passed = bool(passed)
    host().check(text(name, "the name of a check"), passed)
    return passed

"""What became of a call."""

from __future__ import annotations

from typing import NamedTuple

from gorgon.http.request import Request


class LogLine(NamedTuple):
    """A line of the log."""

    level: str
    """``debug``, ``info``, ``warn`` or ``error``."""
    text: str
    """What it says."""


class Call:
    """What became of a call that a host made."""

    def __init__(self) -> None:
        self.ok: bool | None = None
        """Whether it went as it was meant to; None for what was not an operation."""
        self.tag: str | None = None
        """The tag; None for what was not an operation."""
        self.requests: list[Request] = []
        """The requests that were sent, those of redirects too."""
        self.log: list[LogLine] = []
        """The lines that were logged."""
        self.elapsed_ns = 0
        """How long it took on the virtual clock."""
        self._samples: list[tuple[str, int]] = []
        self._counts: list[tuple[str, int]] = []
        self._checks: list[tuple[str, bool]] = []

    @property
    def elapsed(self) -> float:
        """How many seconds it took on the virtual clock."""
        return self.elapsed_ns / 1_000_000_000

    def measurements(self, name: str) -> list[float]:
        """Return the samples of a measurement in seconds, in the order they ended."""
        return [nanos / 1_000_000_000 for other, nanos in self._samples if other == name]

    def counter(self, name: str) -> int:
        """Return what was added to a counter."""
        return sum(delta for other, delta in self._counts if other == name)

    def checks(self, name: str) -> tuple[int, int]:
        """Return how often a check passed, and how often it failed."""
        results = [passed for other, passed in self._checks if other == name]
        return results.count(True), results.count(False)

    def __repr__(self) -> str:
        return f"<Call {self.tag!r} {'ok' if self.ok else 'fail'}>"

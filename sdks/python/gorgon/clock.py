"""The run's clock: the one the report is made with."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeAlias

from gorgon._host import host

Seconds: TypeAlias = float | timedelta
"""A time span: seconds, or a ``timedelta``."""


def now() -> float:
    """Return the seconds since the run started. Never goes back. In ``setup``: 0."""
    return host().now() / 1_000_000_000


def now_ns() -> int:
    """Return the nanoseconds since the run started."""
    return host().now()


def sleep(seconds: Seconds) -> None:
    """Wait. Only this instance does: others go on meanwhile.

    The wait is part of the call's time; waiting between calls is ``gorgon run --think``. Ends early
    when the call runs into its timeout, which also ends the call.
    """
    host().sleep(nanos(seconds))


def nanos(seconds: Seconds) -> int:
    """Return a time span in nanoseconds, as the contract has them."""
    if isinstance(seconds, timedelta):
        return max(0, seconds // timedelta(microseconds=1) * 1000)
    return min(max(0, round(seconds * 1_000_000_000)), 2**64 - 1)

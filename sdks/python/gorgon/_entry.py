"""From a call of gorgon's to the user's functions and back, in components and in tests alike."""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum
from typing import Any

from gorgon import log
from gorgon._check import text
from gorgon._fail import Fail
from gorgon._hooks import takes_argument
from gorgon._host import host
from gorgon.http.response import Response

SUCCESS = "SUCCESS"
FAIL = "FAIL"


def begin() -> None:
    """Seed the generator of Python from the stream of this call.

    A component is a snapshot: without this all instances would draw the same, again and again.
    """
    random.seed(host().random())


def call(operation: Callable[..., Any], number: int) -> tuple[bool, str]:
    """Make a call, and return whether it went as it was meant to, and its tag."""
    begin()
    try:
        value = operation(number) if takes_argument(operation) else operation()
        return outcome(value, operation)
    except Fail as failure:
        line = failure._line()
        if line is not None:
            log.error(line)
        return False, text(failure.tag, "a tag")


def outcome(value: object, operation: Callable[..., Any]) -> tuple[bool, str]:
    """Make a tag of what an operation returned."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return True, text(value, "a tag")
    if value is None or value is True:
        return True, SUCCESS
    if value is False:
        return False, FAIL
    status = value.status if isinstance(value, Response) else value
    if isinstance(status, int):
        return 200 <= status < 400, str(int(status))
    raise TypeError(
        f"{operation.__qualname__} returned {value!r:.80}, which is not a tag: an operation "
        f"returns a str, None, a bool, a status as int or an http.Response, or raises gorgon.Fail"
    )


def hook(function: Callable[..., Any], *shared: bytes) -> object:
    """Run a hook of the lifecycle with as much as it wants to take."""
    begin()
    return function(*shared) if takes_argument(function) else function()


def to_share(value: object) -> bytes:
    """Make the bytes for the other hooks of what ``setup`` returned."""
    if value is None:
        return b""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(
        f"setup returned {value!r:.80}: it returns bytes, a str or nothing; json.dumps makes a str "
        f"of most things"
    )

"""Values as they are written on gorgon's command line: durations, sizes, counts, switches.

Each function makes a value of a text, or raises a ``ValueError`` that says how to write one. They
are what :func:`gorgon.context.parameter` takes as ``convert``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NANOS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_BYTES = {
    "": 1,
    "B": 1,
    "kB": 10**3,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
}
_COUNTS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}

_MOST = 2**64 - 1
_NUMBER = r"([0-9][0-9_]*(?:\.[0-9]+)?)"
_PARTS = re.compile(_NUMBER + r"([a-zµ]+)")
_WHOLE = re.compile(_NUMBER + r"\s*([A-Za-z]*)")


def duration(text: str) -> float:
    """Return the seconds of a duration: ``500us``, ``50ms``, ``1.5s``, ``1m30s``."""
    nanos: int | None = 0
    smallest = _MOST
    rest = text.strip()
    while nanos is not None:
        part = _PARTS.match(rest)
        unit = _NANOS.get(part[2], _MOST) if part else _MOST
        scaled = _scale(part[1], unit) if part and unit < smallest else None
        nanos = None if scaled is None else nanos + scaled
        rest = rest[part.end() :] if part else rest
        smallest = unit
        if not rest:
            break
    if nanos is None or nanos > _MOST:
        raise ValueError(
            f"`{text}` is not a duration: write a number and a unit, such as `500us`, `50ms`, `2s` "
            f"or `1m30s`"
        )
    return nanos / 10**9


def size(text: str) -> int:
    """Return the bytes of a size: ``512``, ``64KiB``, ``1MiB``, ``10MB``."""
    return _whole(
        text,
        _BYTES,
        "a size: write a number and perhaps a unit, such as `512`, `64KiB`, `1MiB` or `10MB`",
    )


def count(text: str) -> int:
    """Return a count: ``4000``, ``4_000``, ``4k``, ``2M``."""
    return _whole(text, _COUNTS, "a count: write a number such as `4000`, `4_000`, `4k` or `2M`")


def boolean(text: str) -> bool:
    """Return a switch: ``true yes on 1`` or ``false no off 0``."""
    if text in ("true", "yes", "on", "1"):
        return True
    if text in ("false", "no", "off", "0"):
        return False
    raise ValueError(f"`{text}` is not one of `true` and `false`")


def _whole(text: str, units: Mapping[str, int], expected: str) -> int:
    found = _WHOLE.fullmatch(text.strip())
    unit = units.get(found[2]) if found else None
    value = _scale(found[1], unit) if found and unit else None
    if value is None or value > _MOST:
        raise ValueError(f"`{text}` is not {expected}")
    return value


def _scale(number: str, unit: int) -> int | None:
    """Multiply in integers, so that ``0.1s`` is exactly a tenth. None where it is not whole."""
    whole, _, fraction = number.replace("_", "").partition(".")
    scaled, rest = divmod(int(whole + fraction) * unit, 10 ** len(fraction))
    return scaled if rest == 0 else None

"""What crosses to gorgon has to be of the right type.

Inside a component a wrong one ends the call without a traceback, so it is refused before, where the
traceback shows the line that is to be changed.
"""

from __future__ import annotations


def text(value: str, what: str) -> str:
    """Return a text, or raise what is wrong with it."""
    if not isinstance(value, str):
        raise TypeError(f"{what} is a str, not {value!r:.80}")
    if not value.isascii():
        value.encode()  # Raises where it has halves of surrogate pairs.
    return value


def whole(value: int, what: str, bits: int = 64) -> int:
    """Return a whole number that is not negative, or raise what is wrong with it."""
    if not isinstance(value, int):
        raise TypeError(f"{what} is an int, not {value!r:.80}")
    if not 0 <= value < 1 << bits:
        raise OverflowError(f"{what} is from 0 to 2**{bits} - 1, not {value}")
    return int(value)

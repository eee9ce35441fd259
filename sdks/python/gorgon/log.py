"""The log of the run: lines with a level.

``gorgon try`` shows it, and ``gorgon run -v``. It is bounded: what is too much is dropped and
counted. What a call that failed wrote as a warning or an error is shown beside its tag.

For code that uses :mod:`logging`::

    logging.basicConfig(handlers=[gorgon.log.Handler()], level=logging.INFO)
"""

from __future__ import annotations

import logging

from gorgon._host import host


def debug(text: object) -> None:
    """Write a line for whoever writes the operation."""
    _write("debug", str(text))


def info(text: object) -> None:
    """Write a line that is worth knowing."""
    _write("info", str(text))


def warn(text: object) -> None:
    """Write a line about what looks wrong."""
    _write("warn", str(text))


def error(text: object) -> None:
    """Write a line about what is wrong."""
    _write("error", str(text))


class Handler(logging.Handler):
    """Hands the records of :mod:`logging` to the log of the run."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, in the level that is nearest to its own."""
        try:
            _write(_level(record.levelno), self.format(record))
        except Exception:
            self.handleError(record)


def _write(level: str, text: str) -> None:
    # A line is for people: what cannot be sent in it is shown in another way.
    host().log(level, text.encode("utf-8", "backslashreplace").decode())


def _level(number: int) -> str:
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warn"
    return "info" if number >= logging.INFO else "debug"

"""What this call is, and what the person who started the run has passed to it.

Parameters come from ``--set NAME=VALUE``::

    url = context.required("url")
    rounds = context.parameter("rounds", 20, value.count)
    pause = context.parameter("pause", 0.05, value.duration)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, overload

from gorgon._check import text
from gorgon._fail import Fail
from gorgon._host import host

T = TypeVar("T")
D = TypeVar("D")


class ParameterError(Fail):
    """A parameter that is missing, or not what it has to be.

    Uncaught, the call ends with ``missing-parameter:NAME`` or ``bad-parameter:NAME``.
    """


def number() -> int:
    """Return the number of this call. In the hooks: 0."""
    return host().number()


def worker() -> int:
    """Return the worker that makes this call, from 0. In open load: the place in flight it has."""
    return host().worker()


def workers() -> int:
    """Return how many workers the run was started with. In open load: 0."""
    return host().workers()


def due() -> float:
    """Return when this call was due, in seconds since the run started."""
    return host().due() / 1_000_000_000


def run_id() -> str:
    """Return the name of this run: the same for all its calls, different from run to run."""
    return host().run_id()


def stopping() -> bool:
    """Return True once the run is ending: a long call may then return early."""
    return host().stopping()


def item() -> bytes | None:
    """Return the item of this call, one line of ``--items``; None in a run without items."""
    return host().item()


def item_str() -> str | None:
    """Return the item as text. What is not UTF-8 in it becomes U+FFFD."""
    return _text(host().item())


def cell(column: str) -> bytes | None:
    """Return a cell of this call's row of ``--data``; None where there is none."""
    return host().cell(text(column, "the name of a column"))


def cell_str(column: str) -> str | None:
    """Return the cell as text. What is not UTF-8 in it becomes U+FFFD."""
    return _text(host().cell(text(column, "the name of a column")))


def row() -> dict[str, bytes]:
    """Return this call's row of ``--data`` by column. Empty in a run without data."""
    return dict(host().row())


def parameters() -> dict[str, str]:
    """Return all parameters by name."""
    return dict(host().parameters())


@overload
def parameter(name: str) -> str | None: ...
@overload
def parameter(name: str, default: str) -> str: ...
@overload
def parameter(name: str, default: None, convert: Callable[[str], T]) -> T | None: ...
@overload
def parameter(name: str, default: D, convert: Callable[[str], T]) -> T | D: ...
def parameter(name: str, default: Any = None, convert: Callable[[str], Any] | None = None) -> Any:
    """Return the value given with ``--set NAME=VALUE``, or the default.

    ``convert`` makes something else of the text: ``int``, ``float``, a function of
    :mod:`gorgon.value`, any that raises ``ValueError`` for what it cannot use. The call then fails
    with ``bad-parameter:NAME``.
    """
    given = host().parameter(text(name, "the name of a parameter"))
    return default if given is None else _converted(name, given, convert)


@overload
def required(name: str) -> str: ...
@overload
def required(name: str, convert: Callable[[str], T]) -> T: ...
def required(name: str, convert: Callable[[str], Any] | None = None) -> Any:
    """Return the value given with ``--set NAME=VALUE``.

    Without it the call fails with ``missing-parameter:NAME``. ``convert`` is as in
    :func:`parameter`.
    """
    given = host().parameter(text(name, "the name of a parameter"))
    if given is None:
        raise ParameterError(
            f"missing-parameter:{name}",
            because=f"the parameter `{name}` is missing: give it with `--set {name}=…`",
        )
    return _converted(name, given, convert)


def _converted(name: str, given: str, convert: Callable[[str], Any] | None) -> Any:
    if convert is None:
        return given
    try:
        return convert(given)
    except ValueError as error:
        raise ParameterError(
            f"bad-parameter:{name}",
            because=f"the value of `--set {name}=…` cannot be used: {error}",
        ) from error


def _text(octets: bytes | None) -> str | None:
    return None if octets is None else octets.decode("utf-8", "replace")

"""The decorators that say which functions of a file gorgon calls."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_marked: list[tuple[str, Callable[..., Any]]] = []


def operation(function: F) -> F:
    """Make a function the operation: ``run(number)`` or ``run()``.

    What it returns is the tag of the call:

    ==================================  =====================================================
    ``None``                            ``SUCCESS``
    ``True``, ``False``                 ``SUCCESS``; ``FAIL``, failing
    a ``str``, or an enum of them       that word
    an ``int``, an ``http.Response``    the status; failing unless it is 200 to 399
    ==================================  =====================================================

    Raising :class:`gorgon.Fail`, and every error of :mod:`gorgon.http` is one, ends the call with a
    failing tag. Any other exception is a fault: the call becomes ``!trap``, and the instance is
    replaced.

    The function itself is returned, so that a test can call it.
    """
    return _mark("operation", function, most=1)


def setup(function: F) -> F:
    """Run a function once per run, before everything else, in an instance of its own.

    What it returns (``bytes``, ``str`` or nothing) is handed to every ``start`` and to ``teardown``
    as ``bytes``. An exception ends the run before any load was made.
    """
    return _mark("setup", function, most=0)


def start(function: F) -> F:
    """Run a function once per instance, before its first call.

    It may take one parameter, which is what ``setup`` returned. An exception ends the call that
    needed the instance as ``!start``.
    """
    return _mark("start", function, most=1)


def stop(function: F) -> F:
    """Run a function once per instance, at its clean end. Not after a fault."""
    return _mark("stop", function, most=0)


def teardown(function: F) -> F:
    """Run a function once per run, after everything else, in an instance of its own.

    It may take one parameter, which is what ``setup`` returned.
    """
    return _mark("teardown", function, most=1)


class Hooks(NamedTuple):
    """The functions that gorgon calls."""

    operation: Callable[..., Any]
    setup: Callable[..., Any] | None = None
    start: Callable[..., Any] | None = None
    stop: Callable[..., Any] | None = None
    teardown: Callable[..., Any] | None = None

    @property
    def has_lifecycle(self) -> bool:
        """Whether there is anything around the calls."""
        return any(self[1:])


def collect() -> Hooks:
    """Return what was decorated in all the files imported so far.

    Raises ``ValueError`` unless there is exactly one operation, and at most one of each hook.
    """
    found: dict[str, Callable[..., Any]] = {}
    for kind, function in _marked:
        other = found.setdefault(kind, function)
        if other is not function:
            raise ValueError(
                f"there are two functions with @gorgon.{kind}, {_place(other)} and "
                f"{_place(function)}: a component has one"
            )
    if "operation" not in found:
        raise ValueError("no function has @gorgon.operation: put it on the one that makes a call")
    return Hooks(**found)


# Asked for each call, and a signature takes longer to look at than many a call.
@functools.lru_cache(maxsize=64)
def takes_argument(function: Callable[..., Any]) -> bool:
    """Tell whether the function wants what it is offered."""
    positional = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    )
    return any(p.kind in positional for p in inspect.signature(function).parameters.values())


def _mark(kind: str, function: F, most: int) -> F:
    if not callable(function):
        raise TypeError(f"@gorgon.{kind} takes no arguments: write it without parentheses")
    if inspect.iscoroutinefunction(function):
        raise TypeError(
            f"@gorgon.{kind}: {_place(function)} is a coroutine function; write `def` without "
            f"`async`: while a call waits, other workers go on"
        )
    parameters = inspect.signature(function).parameters.values()
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [p for p in parameters if p.default is p.empty and p.kind not in variadic]
    if len(needed) > most:
        offered = "one argument" if most else "no argument"
        raise TypeError(
            f"@gorgon.{kind}: {_place(function)} wants {len(needed)} arguments and gets {offered}"
        )
    _marked.append((kind, function))
    return function


def _place(function: Callable[..., Any]) -> str:
    name = getattr(function, "__qualname__", repr(function))
    return f"`{name}` in {getattr(function, '__module__', '?')}"

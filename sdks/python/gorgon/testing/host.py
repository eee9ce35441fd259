"""What a test says about the world that the operation is to see."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextvars import Token
from types import TracebackType
from typing import Any

from gorgon import _entry, _host
from gorgon.http.request import Request
from gorgon.testing.answer import Reply
from gorgon.testing.call import Call
from gorgon.testing.world import World


class Host:
    """The world that an operation sees in a test; see :mod:`gorgon.testing`.

    ``item`` and the cells of ``row`` may be text. ``seed`` is that of the run: the random values
    are a function of it and the number. A host may make any number of calls; each begins anew.
    """

    def __init__(
        self,
        *,
        number: int = 0,
        worker: int = 0,
        workers: int = 1,
        parameters: Mapping[str, object] | None = None,
        item: bytes | str | None = None,
        row: Mapping[str, bytes | str] | None = None,
        seed: int = 0,
        stopping: bool = False,
        answers: Callable[[Request], Reply] | None = None,
    ) -> None:
        self.number = number
        """The number of the call."""
        self.worker = worker
        """The worker that makes it."""
        self.workers = workers
        """Of how many."""
        self.parameters = {name: str(value) for name, value in (parameters or {}).items()}
        """What ``--set`` gives."""
        self.item = None if item is None else _octets(item)
        """What a line of ``--items`` gives."""
        self.row = {column: _octets(cell) for column, cell in (row or {}).items()}
        """What a row of ``--data`` gives."""
        self.seed = seed
        """The seed of the run."""
        self.stopping = stopping
        """Whether the run is ending."""
        self.answers = answers
        """The function that answers the requests."""
        self._outside: tuple[Token[_host.Host | None], tuple[Any, ...]] | None = None

    def run(self, operation: Callable[..., Any]) -> Call:
        """Make a call of this operation, and return what became of it."""
        call = self._enter()
        try:
            call.ok, call.tag = _entry.call(operation, self.number)
        finally:
            self._leave()
        return call

    def __enter__(self) -> Call:
        call = self._enter()
        _entry.begin()
        return call

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def _enter(self) -> Call:
        if self._outside is not None:
            raise RuntimeError(
                "this host makes a call already: another one needs a host of its own"
            )
        call = Call()
        # The generator of Python is seeded for the call; the test's own values go on afterwards.
        self._outside = (_host.current.set(World(self, call)), random.getstate())
        return call

    def _leave(self) -> None:
        if self._outside is not None:
            token, state = self._outside
            _host.current.reset(token)
            random.setstate(state)
            self._outside = None


def _octets(value: bytes | str) -> bytes:
    return value.encode() if isinstance(value, str) else value

"""What a test answers to a request."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from gorgon.clock import Seconds, nanos
from gorgon.http.errors import Error


class Answer:
    """A response that a test gives.

    ``after`` is how long it takes on the virtual clock. Longer than the limit of the request, and
    it is a timeout.
    """

    def __init__(
        self,
        status: int = 200,
        body: bytes | str = b"",
        *,
        json: object = None,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        after: Seconds = 0,
        error: Error | None = None,
    ) -> None:
        self.status = status
        """Its status."""
        self.headers = list(headers.items() if isinstance(headers, Mapping) else headers)
        """Its headers."""
        self.body = body.encode() if isinstance(body, str) else body
        """Its body."""
        self.after_ns = nanos(after)
        """How long it takes."""
        self.error = error
        """What happens in its place, after that time."""
        if json is not None:
            self.headers.append(("content-type", "application/json"))
            self.body = jsonlib.dumps(json).encode()


Reply: TypeAlias = Answer | Error | int | tuple[int, bytes | str]
"""What the function of a host may return: an answer, an error, a status, a status and a body."""


def to_answer(reply: Reply) -> Answer:
    """Make an answer of what a test's function returned."""
    if isinstance(reply, Answer):
        return reply
    if isinstance(reply, Error):
        return Answer(error=reply)
    if isinstance(reply, int):
        return Answer(reply)
    if isinstance(reply, tuple):
        return Answer(*reply)
    raise TypeError(
        f"the answers of this test returned {reply!r:.80}: a status, (status, body), an Answer or "
        f"an http.Error can be answered"
    )

"""The functions of ``load.wit``, as a test has them."""

from __future__ import annotations

import hashlib
from copy import copy
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from gorgon._host import Answer as WireAnswer
from gorgon.http.errors import ConnectError, Error, Phase, Timeout
from gorgon.http.request import Request
from gorgon.testing.answer import Answer, to_answer
from gorgon.testing.call import Call, LogLine

if TYPE_CHECKING:
    from gorgon.testing.host import Host


class Stored(NamedTuple):
    """What is kept of a response, to be asked for by its id."""

    headers: list[tuple[str, str]]
    total: int


class World:
    """One call: reads what the host was given, writes down what the operation did."""

    def __init__(self, host: Host, call: Call) -> None:
        self._host = host
        self._call = call
        self._drawn = 0
        self._spans: list[tuple[str, int] | None] = []
        self._responses: list[Stored] = []

    def now(self) -> int:
        return self._call.elapsed_ns

    def sleep(self, nanos: int) -> None:
        self._call.elapsed_ns += nanos

    def number(self) -> int:
        return self._host.number

    def worker(self) -> int:
        return self._host.worker

    def workers(self) -> int:
        return self._host.workers

    def due(self) -> int:
        return 0

    def run_id(self) -> str:
        return "test"

    def random(self) -> int:
        self._drawn += 1
        text = f"{self._host.seed} {self._host.number} {self._drawn}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")

    def parameter(self, name: str) -> str | None:
        return self._host.parameters.get(name)

    def parameters(self) -> list[tuple[str, str]]:
        return list(self._host.parameters.items())

    def item(self) -> bytes | None:
        return self._host.item

    def cell(self, column: str) -> bytes | None:
        return self._host.row.get(column)

    def row(self) -> list[tuple[str, bytes]]:
        return list(self._host.row.items())

    def stopping(self) -> bool:
        return self._host.stopping

    def log(self, level: str, text: str) -> None:
        self._call.log.append(LogLine(level, text))

    def begin(self, name: str) -> int:
        self._spans.append((name, self.now()))
        return len(self._spans) - 1

    def end(self, span: int) -> None:
        begun = self._spans[span]
        if begun is not None:
            name, started = begun
            self._spans[span] = None
            self.record(name, self.now() - started)

    def record(self, name: str, nanos: int) -> None:
        self._call._samples.append((name, nanos))

    def count(self, name: str, delta: int) -> None:
        self._call._counts.append((name, delta))

    def check(self, name: str, passed: bool) -> None:
        self._call._checks.append((name, passed))

    def send(self, request: Request) -> WireAnswer:
        started = self.now()
        answer = self._exchange(request, started)
        if request.name is not None:
            self.record(request.name, self.now() - started)
        return answer

    def send_all(self, requests: list[Request]) -> list[WireAnswer | Error]:
        """One after another, but in the time that the longest takes, as if all were under way."""
        started = last = self.now()
        results: list[WireAnswer | Error] = []
        for request in requests:
            self._call.elapsed_ns = started
            try:
                results.append(self.send(request))
            except Error as error:
                results.append(error)
            last = max(last, self.now())
        self._call.elapsed_ns = last
        return results

    def header(self, response: int, name: str) -> str | None:
        return next(iter(self.header_all(response, name)), None)

    def header_all(self, response: int, name: str) -> list[str]:
        wanted = name.lower()
        return [value for other, value in self.headers(response) if other.lower() == wanted]

    def headers(self, response: int) -> list[tuple[str, str]]:
        return list(self._responses[response].headers)

    def timings(self, response: int) -> dict[str, int]:
        total = self._responses[response].total
        idle = ("blocked", "dns", "connect", "tls", "send", "receive")
        return dict.fromkeys(idle, 0) | {"wait": total, "total": total}

    def reused(self, response: int) -> bool:
        return response > 0

    def version(self, response: int) -> str:
        return "HTTP/1.1"

    def _exchange(self, request: Request, started: int) -> WireAnswer:
        step = copy(request)
        left = request.redirects
        while True:
            answer = self._ask(step, started)
            location = _location(answer)
            if location is None or left == 0:
                return self._store(request, answer, started)
            left -= 1
            step = copy(step)
            step.url = urljoin(step.url, location)
            if answer.status == 303 or (step.method == "POST" and answer.status in (301, 302)):
                step.method, step.body = "GET", None

    def _ask(self, request: Request, started: int) -> Answer:
        self._call.requests.append(request)
        if self._host.answers is None:
            raise ConnectError("this test answers no requests: give `answers` to its Host")
        try:
            answer = to_answer(self._host.answers(request))
        except Error as error:
            answer = Answer(error=error)
        ends = self.now() + answer.after_ns
        if request.timeout_ns is not None and ends > started + request.timeout_ns:
            self._call.elapsed_ns = started + request.timeout_ns
            raise Timeout(Phase.WAIT)
        self._call.elapsed_ns = ends
        if answer.error is not None:
            raise answer.error
        return answer

    def _store(self, request: Request, answer: Answer, started: int) -> WireAnswer:
        self._responses.append(Stored(answer.headers, self.now() - started))
        body = answer.body if request.keep is None else answer.body[: request.keep]
        return WireAnswer(len(self._responses) - 1, answer.status, body, len(answer.body))


def _location(answer: Answer) -> str | None:
    if not 300 <= answer.status < 400 or answer.status == 304:
        return None
    headers = (value for name, value in answer.headers if name.lower() == "location")
    return next(headers, None)

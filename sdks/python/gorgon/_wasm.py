"""The host inside a component: the functions that componentize-py generates from ``load.wit``."""

from __future__ import annotations

from componentize_py_types import Err, Ok  # type: ignore[import-not-found]
from wit_world.imports import clock, context, measure  # type: ignore[import-not-found]
from wit_world.imports import http as wire

from gorgon._host import Answer
from gorgon.http import errors
from gorgon.http.errors import Error, Phase
from gorgon.http.request import Request

# pyright: reportMissingImports=false

# Functions under the names of `gorgon._host.Host`, so that this module is one.
now, sleep = clock.now, clock.sleep
number, worker, workers, due = context.number, context.worker, context.workers, context.due
run_id, random, stopping = context.run_id, context.random, context.stopping
parameter, parameters = context.parameter, context.parameters
item, cell, row = context.item, context.cell, context.row
begin, end = measure.begin, measure.end
record, count, check = measure.record, measure.count, measure.check
header, header_all, headers = wire.header, wire.header_all, wire.headers_of
reused, version = wire.reused, wire.version

_LEVELS = {
    "debug": context.Level.DEBUG,
    "info": context.Level.INFO,
    "warn": context.Level.WARN,
    "error": context.Level.ERROR,
}

_ERRORS: dict[type, type[Error]] = {
    wire.Error_InvalidRequest: errors.InvalidRequest,
    wire.Error_Denied: errors.Denied,
    wire.Error_Dns: errors.DnsError,
    wire.Error_Connect: errors.ConnectError,
    wire.Error_Tls: errors.TlsError,
    wire.Error_Timeout: errors.Timeout,
    wire.Error_Closed: errors.Closed,
    wire.Error_TooLarge: errors.TooLarge,
    wire.Error_Protocol: errors.ProtocolError,
    wire.Error_Decode: errors.DecodeError,
    wire.Error_Stopped: errors.Stopped,
    wire.Error_Other: errors.OtherError,
}


def log(level: str, text: str) -> None:
    """Write a line of the log."""
    context.log(_LEVELS[level], text)


def send(request: Request) -> Answer:
    """Send one request, over the shorter of the two functions that does."""
    try:
        if request.is_plain():
            return _answer(wire.get(request.url))
        return _answer(wire.send(_on_the_wire(request)))
    except Err as error:
        raise _error(error.value) from None


def send_all(requests: list[Request]) -> list[Answer | Error]:
    """Send all at once."""
    results = wire.send_all([_on_the_wire(request) for request in requests])
    return [_answer(r.value) if isinstance(r, Ok) else _error(r.value) for r in results]


def timings(response: int) -> dict[str, int]:
    """Return the nanoseconds by phase."""
    by_phase: dict[str, int] = vars(wire.timings_of(response))
    return by_phase


def _on_the_wire(request: Request) -> wire.Request:
    keep = request.keep
    mode = (
        wire.BodyMode_Full()
        if keep is None
        else wire.BodyMode_First(keep)
        if keep
        else wire.BodyMode_Discard()
    )
    return wire.Request(
        request.method,
        request.url,
        request.headers,
        request.body,
        mode,
        request.compressed,
        request.redirects,
        request.timeout_ns,
        request.name,
        request.extra,
    )


def _answer(response: wire.Response) -> Answer:
    return Answer(response.id, response.status, response.body, response.body_size)


def _error(error: object) -> Error:
    value = getattr(error, "value", "")
    # The phases have the same names on both sides.
    return _ERRORS[type(error)](Phase[value.name] if isinstance(value, wire.Phase) else value)

"""Why there is no response, or none that the operation can use."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from gorgon._fail import Fail


class Phase(Enum):
    """The part of a request in which something happened."""

    BLOCKED = "waiting for a connection"
    DNS = "looking up the name"
    CONNECT = "connecting"
    TLS = "in the TLS handshake"
    SEND = "sending"
    WAIT = "waiting for the answer"
    RECEIVE = "receiving"
    OTHER = "at an unknown point"


class Error(Fail):
    """Every error of this module. Uncaught, it ends the call with its short failing tag.

    ``detail`` says more. A mistake in the operation is logged with it; the rest gorgon knows and
    shows by itself, and a line for each refused connection would bury the others.
    """

    kind: ClassVar[str] = "other"
    says: ClassVar[str] = "{}"
    logged: ClassVar[bool] = False

    def __init__(self, detail: object = "") -> None:
        text = detail.value if isinstance(detail, Phase) else str(detail)
        super().__init__(self.kind, because=self.says.format(text) if self.logged else None)
        self.detail = text
        """What exactly went wrong, for people."""

    def __str__(self) -> str:
        return self.says.format(self.detail)

    def _line(self) -> str | None:
        return self.because


class InvalidRequest(Error):
    """``invalid-request``: the URL, method, a header or a setting cannot be sent as it is."""

    kind = "invalid-request"
    says = "the request cannot be sent: {}"
    logged = True


class Denied(Error):
    """``denied``: the network policy of the run does not allow this host or address."""

    kind = "denied"
    says = "denied: {}"


class DnsError(Error):
    """``dns``: the name could not be resolved."""

    kind = "dns"
    says = "the name could not be resolved: {}"


class ConnectError(Error):
    """``connect``: no TCP connection; refused, unreachable, reset while opening."""

    kind = "connect"
    says = "no connection: {}"


class TlsError(Error):
    """``tls``: the handshake failed, or the certificate was not accepted."""

    kind = "tls"
    says = "the TLS handshake failed: {}"


class _InPhase(Error):
    def __init__(self, phase: Phase = Phase.OTHER) -> None:
        super().__init__(phase)
        self.phase = phase
        """When it happened."""


class Timeout(_InPhase):
    """``timeout``: a limit of the request ran out."""

    kind = "timeout"
    says = "the time limit ran out ({})"


class Closed(_InPhase):
    """``closed``: the connection was closed or reset before the answer was complete."""

    kind = "closed"
    says = "the connection was closed ({})"


class TooLarge(Error):
    """``too-large``: the response is larger than is kept."""

    kind = "too-large"
    says = "the response is larger than {} bytes"


class ProtocolError(Error):
    """``protocol``: the answer breaks the rules of HTTP."""

    kind = "protocol"
    says = "the answer is not HTTP: {}"


class DecodeError(Error):
    """``decode``: the body is not what its content-encoding says."""

    kind = "decode"
    says = "the body could not be decoded: {}"


class Stopped(Error):
    """``stopped``: the run has ended."""

    kind = "stopped"
    says = "the run has ended"


class OtherError(Error):
    """``other``: anything else."""


class JsonError(Error):
    """``json``: the body is not JSON."""

    kind = "json"
    says = "the body is not JSON: {}"
    logged = True


class StatusError(Error):
    """The status that ``raise_for_status`` refused; as a tag, its number."""

    says = "the status is {}"

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        """The status."""
        self.tag = str(status)

"""Failures: how a call says that it did not go as it was meant to."""

from __future__ import annotations


class Fail(Exception):
    """Ends the call with a failing tag.

    The report has one row per tag, so keep tags few: ``sold-out``, and not the text of an error.
    What is worth a sentence goes into ``because``, which is logged when the call ends::

        raise Fail("sold-out")
        raise Fail("bad-cart", because=f"the cart has no id: {cart}")

    Raised ``from`` another exception and without a ``because``, it logs that exception.
    """

    def __init__(self, tag: str, because: object = None) -> None:
        super().__init__(tag)
        self.tag = str(tag)
        """The tag the call ends with."""
        self.because = None if because is None else str(because)
        """The sentence for the log."""

    def __str__(self) -> str:
        return self.tag if self.because is None else f"{self.tag}: {self.because}"

    def _line(self) -> str | None:
        """Return what is logged when a call ends with this."""
        if self.because is not None:
            return self.because
        cause = self.__cause__
        return None if cause is None else f"{type(cause).__name__}: {cause}"

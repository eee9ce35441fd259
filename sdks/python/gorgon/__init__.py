"""Write operations for the load runner gorgon in Python.

An operation is one function. It gets the number of a call, does something, and returns a short
word, the *tag*, that says how it went::

    import gorgon
    from gorgon import context, http

    @gorgon.operation
    def run(number: int) -> http.Response:
        url = context.required("url")
        page = http.get(url, params={"page": number}).raise_for_status()
        return http.get(page.header("location", url))

``python -m gorgon build op.py`` makes ``op.wasm`` of it, which ``gorgon run op.wasm -n 4000 -w 8``
calls. ``gorgon.testing`` runs it under ordinary CPython, without gorgon.
"""

from gorgon import clock, context, http, log, measure, value
from gorgon._fail import Fail
from gorgon._hooks import operation, setup, start, stop, teardown

__all__ = [
    "Fail",
    "clock",
    "context",
    "http",
    "log",
    "measure",
    "operation",
    "setup",
    "start",
    "stop",
    "teardown",
    "value",
]

__version__ = "0.1.0"

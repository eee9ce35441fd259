"""Runs an operation under ordinary CPython: without gorgon, WebAssembly or a network.

A :class:`Host` is the world that the operation sees: its parameters are those it was given,
requests go to a function, the clock is virtual and moves only when the operation sleeps or an
answer takes its time. What the operation did is in the :class:`Call` that comes back::

    from gorgon.testing import Answer, Host
    import op

    def shop(request):
        if request.url == "http://shop/carts":
            return Answer(201, json={"id": "c7"})
        return 200

    def test_the_cart_is_paid():
        call = Host(number=17, parameters={"url": "http://shop"}, answers=shop).run(op.run)
        assert (call.ok, call.tag) == (True, "200")
        assert call.requests[1].url == "http://shop/carts/c7/checkout"

An exception that would be a fault under gorgon is raised in the test. A host without ``answers``
refuses every connection. For a hook, or a part of an operation, a host is a context manager::

    with Host(parameters={"user": "ada"}) as call:
        op.start(b"shared")
    assert call.counter("logins") == 1
"""

from gorgon.http.request import Request
from gorgon.testing.answer import Answer, Reply
from gorgon.testing.call import Call, LogLine
from gorgon.testing.host import Host

__all__ = ["Answer", "Call", "Host", "LogLine", "Reply", "Request"]

"""The operation that every language has; what it does is in the README one folder above."""

import hashlib
import random

import gorgon
from gorgon import Fail, clock, context, http, log, measure, value

# What `start` saw in this instance.
starts: list[bytes] = []


@gorgon.setup
def setup():
    measure.count("setup")
    if context.parameter("fail") == "setup":
        raise Fail("setup was told to fail")
    return "shared by setup"


@gorgon.start
def start(shared):
    measure.count("start")
    if context.parameter("fail") == "start":
        raise Fail("start was told to fail")
    starts.append(shared)


@gorgon.stop
def stop():
    measure.count("stop")


@gorgon.teardown
def teardown():
    measure.count("teardown")


@gorgon.operation
def run(number: int):
    do = context.required("do")
    if do not in DEEDS:
        raise Fail("bad-parameter:do")
    return DEEDS[do](number)


def hash_chain(number):
    digest = hashlib.sha256(f"TEXT {number}".encode())
    for _ in range(context.parameter("rounds", 20, value.count) - 1):
        digest = hashlib.sha256(digest.digest())
    tag = digest.hexdigest()[:8]
    if number % 5 == 0:
        raise Fail(tag)
    return tag


def shop(number):
    carts = context.required("url") + "/shop/carts"
    order = {"item": "book", "quantity": number % 3 + 1}
    cart = http.post(carts, json=order, name="cart").raise_for_status().json()
    measure.check("the cart costs something", cart["total"] > 0)
    return http.post(f"{carts}/{cart['id']}/checkout", name="checkout")


def parameter(number):
    return context.required("name")


def item(number):
    text = context.item_str()
    if text is None:
        raise Fail("no item")
    return text


def cell(number):
    text = context.cell_str("id")
    if text is None:
        raise Fail("no cell")
    return text


def fail(number):
    if number % 3 == 0:
        raise Fail("FAIL")


def measured(number):
    with measure.span("outer"):
        for _ in range(2):
            with measure.span("inner"):
                pass
    measure.record_ns("sample", number)
    measure.count("calls")
    return "even" if measure.check("even", number % 2 == 0) else "odd"


def slow(number):
    clock.sleep(60)


def spin(number):
    while True:
        number += 1


def trap(number):
    if number % 4 == 3:
        raise LookupError("there is nothing to find")


def unicode(number):
    return "größe→☃ 日本 🦀"


def draw(number):
    return f"{random.randrange(16):x}"


def write(number):
    log.warn("one line")
    print("printed")


def lifecycle(number):
    if starts != [b"shared by setup"]:
        raise Fail("not started")
    return "started"


DEEDS = {
    "hash": hash_chain,
    "shop": shop,
    "parameter": parameter,
    "item": item,
    "cell": cell,
    "fail": fail,
    "measure": measured,
    "slow": slow,
    "spin": spin,
    "trap": trap,
    "unicode": unicode,
    "random": draw,
    "log": write,
    "lifecycle": lifecycle,
}

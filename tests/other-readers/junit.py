"""Reads JUnit XML with Python's own parser, as the tools of CI systems do.

Standard input is the file. Standard output is a JSON object: the counts of the suite as it says them, and its `cases`, each
with its `name`, and with `failure` or `skipped` where it is one: the message.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree

root = ElementTree.fromstring(sys.stdin.buffer.read())
assert root.tag == "testsuites", root.tag
(suite,) = root


def case(element):
    found = {"name": element.get("name")}
    for kind in ("failure", "error", "skipped"):
        child = element.find(kind)
        if child is not None:
            found[kind] = child.get("message")
    return found


def counts(element):
    return {name: int(element.get(name)) for name in ("tests", "failures", "errors", "skipped")}


assert counts(root) == counts(suite), "the suites disagree with the suite"
float(suite.get("time"))
result = {"name": suite.get("name"), **counts(suite), "cases": [case(element) for element in suite.iter("testcase")]}
json.dump(result, sys.stdout)

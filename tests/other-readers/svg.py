"""Reads an SVG with an XML parser.

Standard input is the file. Standard output is a JSON object: the `elements`, how often each is there, and the `texts`.
"""

import collections
import json
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"

root = ElementTree.fromstring(sys.stdin.buffer.read())
elements = list(root.iter())
assert root.tag == f"{SVG}svg", root.tag
assert all(element.tag.startswith(SVG) for element in elements), "an element of another language"
counts = collections.Counter(element.tag.removeprefix(SVG) for element in elements)
json.dump({"elements": counts, "texts": [text.text for text in root.iter(f"{SVG}text")]}, sys.stdout)

"""Reads OpenMetrics text with Prometheus' own parser for Python.

Standard input is the text. Standard output is a JSON list of its samples, each its name, its labels and its value.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

families = text_string_to_metric_families(sys.stdin.read())
samples = [[sample.name, sample.labels, sample.value] for family in families for sample in family.samples]
json.dump(samples, sys.stdout)

"""Says how many values of a histogram are at most as great as each of some.

Standard input is a JSON object: `histogram`, in V2 deflate format as base64, and `values`. Standard output is a JSON list of
counts.
"""

import json
import sys

from hdrh.histogram import HdrHistogram

question = json.load(sys.stdin)
histogram = HdrHistogram(1, 3_600_000_000_000, 3)
histogram.decode_and_add(question["histogram"])
recorded = [(step.value_iterated_to, step.total_count_to_this_value) for step in histogram.get_recorded_iterator()]


def count(value):
    same = histogram.get_highest_equivalent_value(value)
    return max((count for highest, count in recorded if highest <= same), default=0)


json.dump([count(value) for value in question["values"]], sys.stdout)

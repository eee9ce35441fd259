"""Reads histograms with an implementation that is not gorgon's.

Standard input is a JSON list. Each element has `blobs`, histograms in HdrHistogram's V2 deflate format as base64, which
are added up, and `percentiles`, pairs of a percentile and the nanoseconds that gorgon gives for it. Standard output is a
list with what this implementation finds in each: the `count`, and in `percentiles` its own value beside gorgon's, each as
the highest value that counts as the same.
"""

import json
import sys

from hdrh.histogram import HdrHistogram

LEAST_NS = 1
MOST_NS = 3_600_000_000_000
DIGITS = 3


def read(group):
    histogram = HdrHistogram(LEAST_NS, MOST_NS, DIGITS)
    for blob in group["blobs"]:
        histogram.decode_and_add(blob)
    same = histogram.get_highest_equivalent_value
    return {
        "count": histogram.get_total_count(),
        "percentiles": [
            [same(histogram.get_value_at_percentile(percentile)), same(ns)]
            for percentile, ns in group["percentiles"]
        ],
    }


json.dump([read(group) for group in json.load(sys.stdin)], sys.stdout)

"""Reads histograms, one in base64 on each line of stdin, and prints what they hold as one JSON object on each line."""

import json
import sys

from hdrh.histogram import HdrHistogram

for line in sys.stdin:
    histogram = HdrHistogram.decode(line.strip())
    print(
        json.dumps(
            {
                "count": histogram.get_total_count(),
                "percentiles": {
                    str(p): histogram.get_value_at_percentile(p) for p in (50, 75, 90, 95, 99)
                },
            }
        )
    )

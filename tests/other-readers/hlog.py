"""Reads an interval log with an implementation of HdrHistogram that is not gorgon's.

Standard input is the log. Standard output is a JSON object: `start`, the seconds since 1970 at which it says that it
began, and `tags`, with what each tag's intervals come to (the empty tag for those without one): how many there are, the
`count` of their values together, the greatest, and the end of the last in seconds since the start.
"""

import json
import sys
import tempfile

from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

reference = HdrHistogram(1, 3_600_000_000_000, 3)
with tempfile.NamedTemporaryFile() as log:
    log.write(sys.stdin.buffer.read())
    log.flush()
    reader = HistogramLogReader(log.name, reference)
    tags = {}
    while (interval := reader.get_next_interval_histogram()) is not None:
        of = tags.setdefault(interval.get_tag() or "", [0, HdrHistogram(1, 3_600_000_000_000, 3), 0])
        of[0] += 1
        of[1].add(interval)
        of[2] = max(of[2], interval.get_end_time_stamp() / 1000 - reader.get_start_time_sec())

result = {
    tag: {
        "intervals": intervals,
        "count": histogram.get_total_count(),
        "max_ns": histogram.get_max_value(),
        "median_ns": histogram.get_value_at_percentile(50),
        "end_s": end,
    }
    for tag, (intervals, histogram, end) in tags.items()
}
json.dump({"start": reader.get_start_time_sec(), "tags": result}, sys.stdout)

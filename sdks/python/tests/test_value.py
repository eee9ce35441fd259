"""Values as they are written on the command line."""

import unittest

from gorgon import value


class Values(unittest.TestCase):
    def test_durations_are_numbers_with_units(self):
        for text, seconds in [
            ("1ns", 1e-9),
            ("500us", 0.0005),
            ("500µs", 0.0005),
            ("50ms", 0.05),
            ("2s", 2),
            ("0s", 0),
            ("0.1s", 0.1),
            ("1m30s", 90),
            ("1h30m", 5400),
            (" 1_000ms ", 1),
        ]:
            self.assertEqual(value.duration(text), seconds, text)

    def test_what_is_not_a_duration_is_refused_with_the_way_to_write_one(self):
        bad = ["", "30", "s", "1 s", "-1s", "1x", "1s1s", "1s1m", "1.s", ".5s", "0.0001us"]
        for text in [*bad, "1e3s", "99999999h", "1s x"]:
            with self.assertRaisesRegex(ValueError, "is not a duration: .*`50ms`", msg=text):
                value.duration(text)

    def test_sizes_may_have_a_unit(self):
        for text, octets in [
            ("0", 0),
            ("512", 512),
            ("512B", 512),
            ("1MiB", 2**20),
            ("1 MiB", 2**20),
            ("1.5KiB", 1536),
            ("10MB", 10**7),
        ]:
            self.assertEqual(value.size(text), octets, text)
        for text in ["1.5B", "MiB", "1mib", "99999999999GiB", ""]:
            with self.assertRaisesRegex(ValueError, "is not a size", msg=text):
                value.size(text)

    def test_counts_may_be_short(self):
        for text, number in [("4000", 4000), ("4_000", 4000), ("4k", 4000), ("2.5k", 2500)]:
            self.assertEqual(value.count(text), number, text)
        self.assertEqual(value.count("18446744073709551615"), 2**64 - 1)
        for text in ["18446744073709551616", "-1", "four", "1.5"]:
            with self.assertRaisesRegex(ValueError, "is not a count", msg=text):
                value.count(text)

    def test_switches_are_words(self):
        self.assertEqual([value.boolean(text) for text in ("true", "on", "0")], [True, True, False])
        with self.assertRaisesRegex(ValueError, "`maybe` is not one of"):
            value.boolean("maybe")

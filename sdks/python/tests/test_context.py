"""Parameters, items, rows, and what else a call is given."""

import threading
import unittest

from gorgon import context, value
from gorgon.testing import Host


class Parameters(unittest.TestCase):
    def test_a_parameter_is_text_or_what_it_is_converted_to(self):
        with Host(parameters={"a": "1", "for": "1m30s", "n": "4k"}):
            self.assertEqual(context.parameter("a"), "1")
            self.assertEqual(context.parameter("a", 0, int), 1)
            self.assertIsNone(context.parameter("b"))
            self.assertEqual(context.parameter("b", "x"), "x")
            self.assertEqual(context.parameter("b", 20, int), 20)
            self.assertEqual(context.required("for", value.duration), 90)
            self.assertEqual(context.required("n", value.count), 4000)
            self.assertEqual(context.parameters(), {"a": "1", "for": "1m30s", "n": "4k"})

    def test_a_missing_one_fails_the_call(self):
        made = Host().run(lambda: context.required("url"))
        self.assertEqual((made.ok, made.tag), (False, "missing-parameter:url"))
        self.assertIn("--set url=…", made.log[0].text)

    def test_a_bad_one_fails_the_call(self):
        made = Host(parameters={"n": "many"}).run(lambda: context.required("n", int))
        self.assertEqual((made.ok, made.tag), (False, "bad-parameter:n"))
        self.assertIn("'many'", made.log[0].text)


class Call(unittest.TestCase):
    def test_the_item_and_the_row_are_bytes_and_text(self):
        with Host(item=b"gr\xc3\xb6\xff", row={"id": "7", "name": "ada"}):
            self.assertEqual(context.item(), b"gr\xc3\xb6\xff")
            self.assertEqual(context.item_str(), "grö\ufffd")
            self.assertEqual(context.cell("id"), b"7")
            self.assertEqual(context.cell_str("name"), "ada")
            self.assertIsNone(context.cell_str("age"))
            self.assertEqual(context.row(), {"id": b"7", "name": b"ada"})

    def test_without_items_there_is_none(self):
        with Host():
            self.assertIsNone(context.item())
            self.assertIsNone(context.item_str())
            self.assertEqual(context.row(), {})

    def test_the_scalars_are_those_of_the_host(self):
        with Host(number=17, worker=3, workers=8, stopping=True):
            self.assertEqual(context.number(), 17)
            self.assertEqual((context.worker(), context.workers()), (3, 8))
            self.assertEqual(context.run_id(), "test")
            self.assertEqual(context.due(), 0)
            self.assertTrue(context.stopping())

    def test_outside_of_a_call_the_error_says_so(self):
        with self.assertRaisesRegex(RuntimeError, "there is no call here"):
            context.number()

    def test_each_thread_has_a_host_of_its_own(self):
        seen = []

        def one(number):
            with Host(number=number):
                barrier.wait()
                seen.append(context.number())

        barrier = threading.Barrier(2, timeout=30)
        threads = [threading.Thread(target=one, args=(number,)) for number in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(seen), [1, 2])

    def test_a_host_makes_one_call_at_a_time(self):
        host = Host()
        with host, self.assertRaisesRegex(RuntimeError, "a host of its own"), host:
            pass
        with host:
            pass

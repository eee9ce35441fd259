"""The build, as far as it goes without componentize-py, and what it ships."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from gorgon._build import explain

HERE = Path(__file__).resolve().parent
SDK = HERE.parent
WIT = SDK.parent.parent / "wit" / "load.wit"


def build(name: str, source: str) -> str:
    """Run the build of a file that cannot be built, and return what it says."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(source, encoding="utf-8")
        # Pretends that componentize-py is there: it is not reached.
        Path(folder, "componentize_py.py").write_text("")
        done = subprocess.run(
            [sys.executable, "-m", "gorgon", "build", name],
            cwd=folder,
            env={"PYTHONPATH": str(SDK), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
        )
        assert done.returncode == 1, done
        assert not Path(folder, name).with_suffix(".wasm").exists()
        return done.stderr


class Contract(unittest.TestCase):
    @unittest.skipUnless(WIT.exists(), "this is not a checkout of gorgon")
    def test_the_contract_that_is_shipped_is_that_of_gorgon(self):
        shipped = (SDK / "gorgon" / "load.wit").read_text(encoding="utf-8")
        self.assertEqual(shipped, WIT.read_text(encoding="utf-8"), "copy wit/load.wit over it")


class Explanations(unittest.TestCase):
    def test_an_import_that_only_a_component_fails_is_told_from_the_rest(self):
        said = explain(
            'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n'
            'AssertionError: Traceback (most recent call last):\n  File "/1/op.py", line 2\n'
            "ModuleNotFoundError: No module named 'a.b'\n\n\nCaused by:\n    ModuleNotFoundError\n"
        )
        self.assertTrue(said.startswith("the operation can be imported here, but not in a"), said)
        self.assertIn('  File "/1/op.py", line 2\nModuleNotFoundError', said)
        self.assertNotIn("Caused by", said)

    def test_anything_else_is_shown_whole(self):
        self.assertEqual(explain(" no room\n"), "componentize-py failed:\nno room")


class Build(unittest.TestCase):
    def test_a_file_without_an_operation_is_refused(self):
        self.assertIn("no function has @gorgon.operation", build("op.py", "import gorgon\n"))

    def test_an_error_of_the_import_is_shown_with_its_line(self):
        said = build("op.py", "import gorgon\nimport nowhere\n")
        self.assertIn("op.py cannot be imported", said)
        self.assertIn("line 2", said)
        self.assertIn("No module named 'nowhere'", said)

    def test_nothing_can_be_asked_of_gorgon_while_the_file_is_imported(self):
        said = build("op.py", "from gorgon import context\nurl = context.required('url')\n")
        self.assertIn("there is no call here", said)

    def test_names_that_cannot_be_imported_are_refused(self):
        self.assertIn("my-op.py cannot be imported", build("my-op.py", ""))
        self.assertIn("the name of another module", build("random.py", "raise SystemExit"))

"""Makes a component of an operation with componentize-py."""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import traceback
from pathlib import Path

from gorgon import _hooks

PACKAGE = Path(__file__).parent
PINNED = "componentize-py==0.25.1"

# The module that componentize-py starts from: ours, so that the user's may have any name.
APP = "gorgon_app"
APP_SOURCE = """\
from gorgon import _component

_component.load({module!r})
from gorgon._component import Lifecycle, Operation
"""


class BuildError(Exception):
    """There is no component, and the reason."""


def build(source: Path, output: Path) -> None:
    """Make the component ``output`` of the operation in the file ``source``."""
    _check(source)
    world = "op-full" if _load(source).has_lifecycle else "op"
    with tempfile.TemporaryDirectory() as scratch:
        app = Path(scratch, "app")
        app.mkdir()
        Path(app, f"{APP}.py").write_text(APP_SOURCE.format(module=source.stem), encoding="utf-8")
        made = Path(scratch, "op.wasm")
        _componentize(world, [app, *_paths(source)], made)
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, output)


def _check(source: Path) -> None:
    if not source.is_file():
        raise BuildError(f"there is no file {source}")
    if source.suffix != ".py" or not source.stem.isidentifier():
        raise BuildError(
            f"{source.name} cannot be imported: a name of letters, digits and `_` before `.py` can"
        )
    if source.stem in sys.stdlib_module_names or source.stem == __package__:
        raise BuildError(f"{source.name} has the name of another module: rename it")
    if importlib.util.find_spec("componentize_py") is None:
        raise BuildError(
            f"componentize-py is not there for {sys.executable}: "
            f"`{sys.executable} -m pip install {PINNED}` installs it"
        )


def _load(source: Path) -> _hooks.Hooks:
    """Import the operation here first: to know its hooks, and because errors are plainer here."""
    sys.path.insert(0, str(source.parent.resolve()))
    try:
        importlib.import_module(source.stem)
    except Exception as error:
        # The first frames are those of the import.
        frames = traceback.extract_tb(error.__traceback__)
        shown = [frame for frame in frames if "importlib" not in frame.filename][1:]
        lines = traceback.format_list(shown) + traceback.format_exception_only(error)
        raise BuildError(f"{source} cannot be imported:\n{''.join(lines)}") from error
    try:
        return _hooks.collect()
    except ValueError as error:
        raise BuildError(f"{source}: {error}") from error


def _paths(source: Path) -> list[Path]:
    """Where the operation, this package and what else is installed are found, in this order."""
    site = sysconfig.get_paths()
    folders = [source.parent, PACKAGE.parent, Path(site["purelib"]), Path(site["platlib"])]
    return list(dict.fromkeys(folder.resolve() for folder in folders))


def _componentize(world: str, paths: list[Path], output: Path) -> None:
    command = [sys.executable, "-c", "from componentize_py import script; script()"]
    command += ["--quiet", "--wit-path", str(PACKAGE / "load.wit"), "--world", world]
    command += ["componentize", APP, "--output", str(output)]
    for path in paths:
        command += ["--python-path", str(path)]
    # The paths are given, and it would add another environment's. Its own stack helps nobody.
    environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    environment["RUST_BACKTRACE"] = "0"
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", errors="replace"
    )
    if done.returncode != 0:
        raise BuildError(explain(done.stderr or done.stdout))


def explain(said: str) -> str:
    """Return what went wrong of what componentize-py said."""
    raised = re.search(r"AssertionError: (Traceback .*?)\n\n+Caused by:", said, re.DOTALL)
    if raised is None:
        return f"componentize-py failed:\n{said.strip()}"
    return (
        f"the operation can be imported here, but not in a component:\n{raised[1].strip()}\n\n"
        f"A component has its own Python, of another version, without threads, sockets or the "
        f"compiled parts of packages: use packages that are pure Python"
    )

"""What a component exports. Imported only inside one, by the module that the build writes."""

from __future__ import annotations

import importlib
import linecache
import sys
import traceback
from types import TracebackType
from typing import cast

from componentize_py_types import Err  # type: ignore[import-not-found]

from gorgon import _entry, _hooks, _host, _wasm, log
from gorgon._fail import Fail

# pyright: reportMissingImports=false

# Codecs that are looked up by name when they are first used, which is too late: a component has no
# files to import them from.
for codec in ("ascii", "latin_1", "utf_8_sig", "utf_16", "utf_32", "cp1252", "idna", "punycode"):
    importlib.import_module(f"encodings.{codec}")

# More than this of a complaint is not reported.
COMPLAINT = 480

_calls: _hooks.Hooks
_folder: str


def load(module: str) -> None:
    """Import the operation, and make ready what the snapshot is to contain."""
    global _calls, _folder
    loaded = importlib.import_module(module)
    _calls = _hooks.collect()
    _folder = (loaded.__file__ or "").rpartition("/")[0] + "/"
    _keep_sources()
    # What is imported at the first use elsewhere has to be there already.
    traceback.format_exception(ValueError("a rehearsal"))
    sys.excepthook = explain
    # A line is in the log when it is printed, also of a call that never ends.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    _host.current.set(cast("_host.Host", _wasm))


class Operation:
    """The export ``operation``."""

    def run(self, number: int) -> str:
        """Make a call."""
        try:
            ok, tag = _entry.call(_calls.operation, number)
        finally:
            sys.stdout.flush()
        if ok:
            return tag
        raise Err(tag)


class Lifecycle:
    """The export ``lifecycle``, of operations that have hooks."""

    def setup(self) -> bytes:
        """Run the user's ``setup``."""
        try:
            value = _entry.hook(_calls.setup) if _calls.setup else None
            return _entry.to_share(value)
        except Exception as error:
            raise Err(_complain(error)) from None

    def teardown(self, shared: bytes) -> None:
        """Run the user's ``teardown``."""
        if _calls.teardown:
            try:
                _entry.hook(_calls.teardown, shared)
            except Fail as failure:
                log.error(f"teardown failed: {failure}")

    def start(self, shared: bytes) -> None:
        """Run the user's ``start``."""
        if _calls.start:
            try:
                _entry.hook(_calls.start, shared)
            except Exception as error:
                raise Err(_complain(error)) from None

    def stop(self) -> None:
        """Run the user's ``stop``."""
        if _calls.stop:
            try:
                _entry.hook(_calls.stop)
            except Fail as failure:
                log.error(f"stop failed: {failure}")


def explain(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
    """Write to standard error what an exception says that nobody caught.

    The frames of this package come first and help nobody, so they are left out. Only the beginning
    of a complaint is reported, so a long one begins with its last line.
    """
    while frames and frames.tb_frame.f_globals.get("__package__") == __package__:
        frames = frames.tb_next
    if _is_late_import(error):
        error.add_note(  # type: ignore[attr-defined,unused-ignore]
            "A component has no files, so nothing can be imported during a call: import it at the "
            "top of the operation."
        )
    text = _plain("".join(traceback.format_exception(kind, error, frames)))
    if len(text.encode()) > COMPLAINT:
        last = traceback.extract_tb(frames)[-1:]
        where = "".join(
            f" ({frame.filename.removeprefix(_folder)}, line {frame.lineno})" for frame in last
        )
        text = f"{_summary(error)}{where}\n{text}"
    sys.stdout.flush()
    sys.stderr.write(text)
    sys.stderr.flush()


def _complain(error: Exception) -> str:
    """Return the reason of a hook that failed; where it was no Fail, the traceback is shown too."""
    if isinstance(error, Fail):
        return str(error)
    explain(type(error), error, error.__traceback__)
    return _summary(error)


def _summary(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).strip()


def _plain(text: str) -> str:
    """Leave out the lines that mark a part of the one above, and the folder of the build."""
    lines = (line for line in text.splitlines(keepends=True) if line.strip(" ~^\n"))
    return "".join(lines).replace(f'File "{_folder}', 'File "')


def _is_late_import(error: BaseException) -> bool:
    unknown_codec = isinstance(error, LookupError) and "unknown encoding" in str(error)
    return isinstance(error, ModuleNotFoundError) or unknown_codec


def _keep_sources() -> None:
    """Keep the text of the user's own modules, so that a traceback shows its lines."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and file.startswith(_folder) and "/site-packages/" not in file:
            lines = linecache.getlines(file)
            # Without a time of change it is not looked for in the files that are gone.
            linecache.cache[file] = (sum(map(len, lines)), None, lines, file)

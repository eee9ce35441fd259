"""``python -m gorgon build op.py``: makes a component of an operation."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gorgon._build import BuildError, build


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m gorgon", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    parser_build = commands.add_parser("build", help="make a component of an operation")
    parser_build.add_argument("source", type=Path, help="the file with @gorgon.operation")
    parser_build.add_argument(
        "-o", "--output", type=Path, help="the component; beside the source unless given"
    )
    arguments = parser.parse_args()
    source: Path = arguments.source
    output: Path = arguments.output or source.with_suffix(".wasm")
    try:
        build(source, output)
    except BuildError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1
    print(f"{output}  {output.stat().st_size / 1_000_000:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env bash
# Installs what a Python operation is built with: componentize-py, in an environment of its own.
#
#     toolchains/python.sh                       # into target/toolchains/python
#     GORGON_TOOLCHAINS=~/.gorgon toolchains/python.sh
#
# The last line names the program. Run it again at will: where the pinned versions are there already it does nothing.
# Needs Python 3.10 or later with `venv`, and the package index once.
set -euo pipefail
cd "$(dirname "$0")/.."

componentize_py=0.25.1

into="${GORGON_TOOLCHAINS:-target/toolchains}/python"
# Written last, so that an installation that was interrupted is not taken for a whole one.
stamp="$into/gorgon-versions"
versions="componentize-py==$componentize_py"

if [ -x "$into/bin/componentize-py" ] && [ "$(cat "$stamp" 2> /dev/null)" = "$versions" ]; then
    echo "$into/bin/componentize-py"
    exit 0
fi

python="${PYTHON:-python3}"
if ! command -v "$python" > /dev/null; then
    echo "toolchains/python.sh: there is no \`$python\`: install Python 3.10 or later (Debian: apt-get install python3 python3-venv)" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
    echo "toolchains/python.sh: $("$python" --version) is too old: 3.10 or later is needed; name another one with PYTHON=…" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2> /dev/null; then
    echo "toolchains/python.sh: this Python cannot make environments: apt-get install python3-venv" >&2
    exit 1
fi

rm -rf "$into"
mkdir -p "$(dirname "$into")"
"$python" -m venv "$into"
"$into/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: "$versions"
echo "$versions" > "$stamp"
echo "$into/bin/componentize-py"

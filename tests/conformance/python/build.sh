#!/usr/bin/env bash
# Builds the operation: tests/conformance/python/build.sh OUT.wasm
set -euo pipefail
out=$(realpath "${1:?usage: build.sh OUT.wasm}")
cd "$(dirname "$0")/../../.."

python="${GORGON_TOOLCHAINS:-target/toolchains}/python/bin/python"
if [ ! -x "$python" ]; then
    echo "build.sh: there is no $python: toolchains/python.sh installs it" >&2
    exit 1
fi
PYTHONPATH=sdks/python "$python" -m gorgon build tests/conformance/python/op.py --output "$out"

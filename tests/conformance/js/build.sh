#!/usr/bin/env bash
# Builds the operation of tests/conformance in TypeScript: build.sh OUT.wasm. Needs what toolchains/js.sh installs.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
out=${1:?build.sh OUT.wasm}
toolchain=${GORGON_TOOLCHAINS:-$here/../../../target/toolchains}/js
if [ ! -e "$toolchain/installed" ]; then
    echo "error: there is no JavaScript tool chain in $toolchain" >&2
    echo "  hint: toolchains/js.sh installs it" >&2
    exit 69
fi

# The program has no packages of its own beside it: those of the tool chain are used.
NODE_PATH=$(cd "$toolchain/node_modules" && pwd) node "$toolchain/node_modules/gorgon-sdk/bin/gorgon-js.js" \
    build "$here/op.ts" -o "$out"

#!/usr/bin/env bash
# Builds the operation: build.sh OUT.wasm
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")/../../.."
clang=${GORGON_TOOLCHAINS:-target/toolchains}/c/wasm32-wasi-clang
"$clang" -mexec-model=reactor -std=c11 -O2 -Wall -Wextra -Werror -Wl,--stack-first,--strip-debug -I sdks/c \
    tests/conformance/c/operation.c sdks/c/gorgon{,_context,_http,_json,_memory}.c -o "$out"

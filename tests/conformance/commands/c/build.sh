#!/usr/bin/env bash
# Builds the program: build.sh OUT.wasm
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")/../../../.."
clang=${GORGON_TOOLCHAINS:-target/toolchains}/c/wasm32-wasi-clang
"$clang" -std=c11 -O2 -Wall -Wextra -Werror -Wl,--stack-first,--strip-debug tests/conformance/commands/c/main.c -o "$out"

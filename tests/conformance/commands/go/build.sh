#!/usr/bin/env bash
# Builds the program: build.sh OUT.wasm
set -euo pipefail
out=$(realpath -m "$1")
go=$(realpath "${GORGON_TOOLCHAINS:-$(dirname "$0")/../../../../target/toolchains}/go/bin/go")
cd "$(dirname "$0")"
GOOS=wasip1 GOARCH=wasm GOPROXY=off GOTOOLCHAIN=local "$go" build -trimpath -o "$out" .

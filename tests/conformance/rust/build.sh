#!/usr/bin/env bash
# Builds the operation in Rust: tests/conformance/rust/build.sh OUT.wasm
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")"
cargo build --quiet --release --target wasm32-wasip2 --target-dir ../../../target/conformance/rust
install -D ../../../target/conformance/rust/wasm32-wasip2/release/conformance.wasm "$out"

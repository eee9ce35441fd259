#!/usr/bin/env bash
# Installs what `gorgon-benches peers` measures beside gorgon, into target/peers: wrk and nginx from the distribution, oha and the
# goose program from crates.io, Locust from PyPI; and builds the operation of the flow. Versions are fixed here.
set -euo pipefail
cd "$(dirname "$0")/../.."
peers=$PWD/target/peers
mkdir -p "$peers"

for program in wrk nginx; do
    if ! PATH=$PATH:/usr/sbin command -v "$program" > /dev/null; then
        apt-get install -qq -y "$program" || { apt-get update -qq && apt-get install -qq -y "$program"; }
    fi
done

[ -x "$peers/bin/oha" ] || cargo install --quiet --locked --root "$peers" --version 1.16.0 oha

CARGO_TARGET_DIR=$peers/goose cargo build --quiet --release --locked --manifest-path benches/peers/goose/Cargo.toml

[ -x "$peers/locust/bin/locust" ] || {
    python3 -m venv "$peers/locust"
    "$peers/locust/bin/pip" install --quiet --disable-pip-version-check locust==2.47.0
}

CARGO_TARGET_DIR=$peers/flow cargo build --quiet --release --locked --target wasm32-wasip2 --manifest-path benches/peers/flow/Cargo.toml

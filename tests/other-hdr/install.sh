#!/usr/bin/env bash
# Installs another implementation of HdrHistogram into target/other-hdr, for tests/it/other_hdr.rs. Needs Python 3 with
# `venv`, and the network the first time.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=tests/other-hdr/requirements.txt
there=target/other-hdr
if cmp -s "$wanted" "$there/installed"; then
    exit 0
fi
rm -rf "$there"
python3 -m venv "$there"
"$there/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$wanted"
# Written last: without it nothing counts as installed.
cp "$wanted" "$there/installed"

#!/usr/bin/env bash
# Installs another implementation of HdrHistogram, the Python package, into target/other-hdr: the histograms that gorgon
# writes are read back by code that is not ours. Needs Python 3 with venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=target/other-hdr
if [ ! -x "$place/bin/python" ]; then
    python3 -m venv "$place"
fi
"$place/bin/python" -m pip install --quiet --disable-pip-version-check 'hdrhistogram==0.10.3'

#!/usr/bin/env bash
# Installs other programs' readers of what gorgon writes (HdrHistogram, OpenMetrics) into target/other-readers, for the
# tests in tests/it that have them read it. Needs Python 3 with `venv`, and the network the first time.
set -euo pipefail
cd "$(dirname "$0")/../.."

wanted=tests/other-readers/requirements.txt
there=target/other-readers
if cmp -s "$wanted" "$there/installed"; then
    exit 0
fi
rm -rf "$there"
python3 -m venv "$there"
"$there/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$wanted"
# Written last: without it nothing counts as installed.
cp "$wanted" "$there/installed"

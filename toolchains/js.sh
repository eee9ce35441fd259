#!/usr/bin/env bash
# Installs what builds operations in JavaScript and TypeScript, in the versions that toolchains/js/package-lock.json
# pins, into ${GORGON_TOOLCHAINS:-target/toolchains}/js. Does nothing where that is there already.
#
#   toolchains/js.sh                    esbuild and componentize-qjs: the QuickJS engine; 86 MB with the type checker
#   toolchains/js.sh --starlingmonkey   also componentize-js: the StarlingMonkey engine, for `fetch`; 380 MB more
#
# Needs Node 20 or later, with npm.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
target=${GORGON_TOOLCHAINS:-$root/target/toolchains}

fail() {
    echo "error: $1" >&2
    echo "  hint: $2" >&2
    exit 69
}

# install FOLDER INTO: the locked packages of toolchains/FOLDER.
install() {
    local from=$root/toolchains/$1 into=$2
    local stamp
    stamp=$(cat "$from/package.json" "$from/package-lock.json" | sha256sum | cut -d' ' -f1)
    if [ "$(cat "$into/installed" 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    rm -f "$into/installed"
    mkdir -p "$into"
    cp "$from/package.json" "$from/package-lock.json" "$into/"
    npm ci --prefix "$into" --ignore-scripts --no-audit --no-fund --loglevel error
    # The SDK of this checkout, where a program that names it in an import is looked for.
    ln -sfn "$root/sdks/js" "$into/node_modules/gorgon-sdk"
    echo "$stamp" >"$into/installed"
}

command -v node >/dev/null ||
    fail "there is no \`node\`" "install Node 20 or later with npm: from nodejs.org, or from a distribution that has it"
version=$(node --version)
major=${version#v}
[ "${major%%.*}" -ge 20 ] ||
    fail "\`node\` is $version, and 20 or later is needed" "install a later one from nodejs.org"
command -v npm >/dev/null || fail "there is no \`npm\`" "it comes with Node; distributions have it as a package of its own"

case ${1:-} in
    "") install js "$target/js" ;;
    --starlingmonkey)
        install js "$target/js"
        install js/starlingmonkey "$target/js-starlingmonkey"
        ;;
    *) fail "there is no option \`$1\`" "toolchains/js.sh [--starlingmonkey]" ;;
esac
echo "JavaScript tool chain: $target/js (node $version)"

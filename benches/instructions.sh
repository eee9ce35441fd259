#!/usr/bin/env bash
# Instructions that an empty call takes from end to end, its measuring included: those of a run of many calls less those of a run
# of few, divided by the difference. They hardly depend on what else a machine does, so that a commit can be compared with another.
# Needs valgrind and a release build: cargo build --release --workspace
set -euo pipefail
cd "$(dirname "$0")/.."
few=20000
many=120000
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export GORGON_CACHE_DIR=$folder/cache GORGON_STATE_DIR=$folder/state

instructions() {
    valgrind --tool=callgrind --callgrind-out-file="$folder/out" target/release/gorgon \
        run "$1" -n "$2" -w 1 --threads 1 -q --no-save "${@:3}" > /dev/null 2> "$folder/said"
    sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$folder/said"
}

for what in "noop" "noop --isolate call"; do
    read -ra words <<< "$what"
    # So that both find it compiled.
    target/release/gorgon run "${words[0]}" -n 1 -q --no-save > /dev/null
    low=$(instructions "${words[0]}" "$few" "${words[@]:1}")
    high=$(instructions "${words[0]}" "$many" "${words[@]:1}")
    echo "$what: $(((high - low) / (many - few))) instructions a call"
done

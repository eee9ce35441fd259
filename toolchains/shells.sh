#!/usr/bin/env bash
# What the tests of completions and of the manual try them with besides bash: zsh, fish, mandoc and man, from Debian's own
# packages (about 30 MB). Needs root, or a sudo that does not ask.
set -euo pipefail

packages=()
for program in zsh fish mandoc man; do
    command -v "$program" >/dev/null && continue
    [[ $program == man ]] && program=man-db
    packages+=("$program")
done
[[ ${#packages[@]} -gt 0 ]] || exit 0

as_root=()
[[ $(id -u) -eq 0 ]] || as_root=(sudo -n)
"${as_root[@]}" apt-get update --quiet
"${as_root[@]}" apt-get install --quiet --yes --no-install-recommends "${packages[@]}"

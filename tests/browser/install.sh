#!/usr/bin/env bash
# Installs what tests/it/browser.rs drives a browser with, and Chromium from the distribution where there is none and it may.
# Needs Node.js 20 or later.
set -euo pipefail
cd "$(dirname "$0")"

npm ci --silent --no-audit --no-fund
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" > /dev/null; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium > /dev/null
else
    echo "there is no Chromium here; install one, or name it in CHROMIUM" >&2
    exit 1
fi

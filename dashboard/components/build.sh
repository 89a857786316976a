#!/bin/sh
# Rebuilds everything in bundles/ from the committed sources and the lock file; needs Node 20 and npm.
#   build.sh           writes bundles/
#   build.sh --check   builds into a temporary folder and fails unless bundles/ is the same, byte for byte
set -eu
cd "$(dirname "$0")"

case "${1-}" in
"") out=bundles ;;
--check) out=$(mktemp -d); trap 'rm -rf "$out"' EXIT ;;
*) echo "usage: build.sh [--check]" >&2; exit 2 ;;
esac

if grep -q '://' package-lock.json; then
    echo "package-lock.json holds an address; run: node lock.mjs" >&2
    exit 1
fi
npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
node build.mjs "$out"
node offices_map/build.mjs "$out"
node notices.mjs "$out"

if [ "$out" != bundles ]; then
    diff -r --brief bundles "$out" || { echo "bundles/ is not what the sources build; run build.sh and commit" >&2; exit 1; }
    echo "bundles/ is what the sources build"
fi

#!/usr/bin/env bash
# Tells whether profiles/generated was made from the sources as they are now, and not edited by hand. Needs neither network nor npm.
# Usage: tools/profiles/check.sh [--record]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LC_ALL=C
hash() { sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1; }
now="sources $(find profiles/input profiles/sushi-config.yaml tools/profiles/build.sh tools/profiles/compact.mjs -type f -print0 | hash)
output $(find profiles/generated -name '*.json' -print0 | hash)"
if [ "${1:-}" = --record ]; then
  printf '%s\n' "$now" >profiles/generated/made-from.txt
elif [ "$now" != "$(cat profiles/generated/made-from.txt)" ]; then
  echo "profiles/generated does not belong to profiles/input: run tools/profiles/build.sh" >&2
  exit 1
fi

#!/usr/bin/env bash
# Every tool under tools/ that writes committed files can check them (--check): the committed file must be what the tool writes
# from the committed sources. Tools whose source is a downloaded package check a recorded hash instead, so no network is needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for check in tools/*/check.sh; do
  [ -e "$check" ] || continue
  echo "checking $(dirname "$check")"
  bash "$check"
done

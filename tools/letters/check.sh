#!/usr/bin/env bash
# The table changes only with the version of Unicode, so its hash is compared with the one recorded when build.mjs last wrote it:
#   (cd src/Shared && sha256sum letters.tsv) > tools/letters/letters.sha256
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../src/Shared"
sha256sum --check --quiet ../../tools/letters/letters.sha256

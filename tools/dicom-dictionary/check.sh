#!/usr/bin/env bash
# The committed dictionary is what generate.py writes from dcmtk's and pydicom's tables (Debian's versions named in README.md).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
/usr/bin/python3 generate.py --check

#!/usr/bin/env bash
# Builds everything and runs every test project. Ends with "N passed, N failed, N skipped".
# Usage: ./test.sh [NAME...]   e.g. ./test.sh Dicom.Tests Fhir.Tests
# Native helpers (PostgreSQL, dcmtk, pango ...) make more tests run; without them those tests say what is missing. eng/install-tools.sh installs them on Debian.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0" >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

dotnet build SecondOpinion.Interop.sln -v q -nodeReuse:false || { echo "0 passed, 1 failed"; exit 1; }

passed=0 failed=0 skipped=0
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for folder in tests/SecondOpinion.*.Tests; do names+=("${folder#tests/SecondOpinion.}"); done
fi
results=$(mktemp -d); trap 'rm -rf "$results"' EXIT
for name in "${names[@]}"; do
  project="SecondOpinion.$name"
  started=$SECONDS
  echo "== $project"
  "artifacts/bin/$project/debug/$project" -noLogo -noColor -xml "$results/$name.xml" >"$results/$name.log" 2>&1
  code=$?
  counts=$(grep -o '<assembly [^>]*>' "$results/$name.xml" 2>/dev/null | head -n 1)
  number() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counts"; }
  p=$(number passed) f=$(number failed) s=$(number skipped) e=$(number errors)
  if [ -z "$p" ] || { [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ] && [ "${e:-0}" -eq 0 ]; }; then
    tail -n 60 "$results/$name.log"; p=${p:-0}; f=$(( ${f:-0} + 1 )); e=${e:-0}
  elif [ "${f:-0}" -gt 0 ] || [ "${e:-0}" -gt 0 ]; then
    cat "$results/$name.log"
  fi
  grep -E '\[SKIP\]' "$results/$name.log" | sort | uniq -c | head -n 20
  echo "   $p passed, $(( f + e )) failed, ${s:-0} skipped in $(( SECONDS - started )) s"
  passed=$(( passed + p )) failed=$(( failed + f + e )) skipped=$(( skipped + ${s:-0} ))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]

#!/usr/bin/env bash
# ./run.sh          serve on http://127.0.0.1:8080, state under ./data
# ./run.sh demo     run a whole second-opinion case and show each step
# ./run.sh ANY...   any other command of the program (see ./run.sh --help)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0" >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if [ "$(uname -s)" = Linux ] && ! ldconfig -p 2>/dev/null | grep -q 'libpangocairo-1\.0\.so\.0'; then
  echo "note: libpangocairo-1.0-0 is missing, so reports cannot be turned into PDF. On Debian or Ubuntu: apt-get install libpangocairo-1.0-0 fonts-dejavu-core" >&2
fi
dotnet build src/SecondOpinion.Interop -c Release -v q --nologo >&2
exec dotnet run --project src/SecondOpinion.Interop -c Release --no-build -- "$@"

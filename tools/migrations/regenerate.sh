#!/bin/sh
# Makes the initial migration of every provider anew from the model. See README.md.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
project="$root/src/SecondOpinion.Storage"
ef=${DOTNET_EF:-dotnet-ef}
command -v "$ef" >/dev/null || { echo "dotnet-ef is missing: dotnet tool install --tool-path DIR dotnet-ef --version 10.0.14, then DOTNET_EF=DIR/dotnet-ef" >&2; exit 1; }

rm -rf "$project/Migrations/Sqlite" "$project/Migrations/Postgres" "$project/Migrations/SqlServer"
dotnet build "$project" -v q --nologo
for provider in Sqlite Postgres SqlServer; do
  "$ef" migrations add Initial --no-build --project "$project" --startup-project "$project" \
    --context "${provider}InteropContext" --output-dir "Migrations/$provider"
  # One fixed id, so that making it again changes only what the model changed.
  cd "$project/Migrations/$provider"
  for file in *_Initial.cs *_Initial.Designer.cs; do
    mv "$file" "20260101000000_Initial${file#*_Initial}"
  done
  sed -i 's/\[Migration("[0-9]*_Initial")\]/[Migration("20260101000000_Initial")]/' 20260101000000_Initial.Designer.cs
  sed -i '1s/^\xEF\xBB\xBF//' ./*.cs
done

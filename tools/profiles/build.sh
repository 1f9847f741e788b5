#!/usr/bin/env bash
# Compiles profiles/ with SUSHI into profiles/generated. Needs no network. Usage: tools/profiles/build.sh NODE_MODULES   (see README.md)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
modules=${1:?usage: tools/profiles/build.sh NODE_MODULES}
modules=$(cd "$modules" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

# A FHIR package cache of our own: R4 core from the examples package, and empty stand-ins for what SUSHI would add by itself.
packages="$work/home/.fhir/packages"
core="$packages/hl7.fhir.r4.core#4.0.1/package"
mkdir -p "$core"
for type in StructureDefinition ValueSet CodeSystem SearchParameter OperationDefinition ConceptMap CompartmentDefinition CapabilityStatement ImplementationGuide NamingSystem StructureMap; do
  for file in "$modules/hl7.fhir.r4.examples/$type"-*.json; do
    [ -e "$file" ] || continue
    case "$(basename "$file")" in StructureDefinition-example-*) continue ;; esac
    cp "$file" "$core/"
  done
done
printf '{"name":"hl7.fhir.r4.core","version":"4.0.1","fhirVersions":["4.0.1"],"type":"fhir.core","canonical":"http://hl7.org/fhir"}' >"$core/package.json"
for name in hl7.fhir.uv.tools.r4 hl7.terminology.r4 hl7.fhir.uv.extensions.r4; do
  mkdir -p "$packages/$name#0.0.0/package"
  printf '{"name":"%s","version":"0.0.0","fhirVersions":["4.0.1"],"type":"fhir.ig"}' "$name" >"$packages/$name#0.0.0/package/package.json"
done

# SUSHI asks npm for its newest version: here nobody answers.
mkdir "$work/bin"; printf '#!/bin/sh\nexit 1\n' >"$work/bin/npm"; chmod +x "$work/bin/npm"
HOME="$work/home" PATH="$work/bin:$PATH" node "$modules/fsh-sushi/dist/app.js" build profiles -s -o "$work/out" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
grep -E '^(error|warn) ' "$work/log" | grep -vE 'SUSHI version|version of sushi|"menu"' || true
grep -qE '[^0-9]0 Errors' "$work/log" || { tail -n 40 "$work/log"; exit 1; }
rm -rf profiles/generated
node tools/profiles/compact.mjs "$work/out/fsh-generated/resources" profiles/generated
tools/profiles/check.sh --record

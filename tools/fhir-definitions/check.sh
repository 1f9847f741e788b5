#!/usr/bin/env bash
# The source of the tables is an npm package, so here their hash is compared with the one recorded when build.mjs last wrote them:
#   (cd src/SecondOpinion.Fhir/Definitions/Tables && sha256sum *.tsv) > tools/fhir-definitions/tables.sha256
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../src/SecondOpinion.Fhir/Definitions/Tables"
sha256sum --check --quiet ../../../../tools/fhir-definitions/tables.sha256

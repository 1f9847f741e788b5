#!/usr/bin/env node
// Writes the profiles and extensions of hl7.fhir.r4.examples 4.0.1 (CC0-1.0) as the table of the library (URL and JSON with a differential, one a line), and
// packs them for the tests: one a line, JSON, gzip. Differentials are whole but for prose;
// snapshots keep what a generated one is compared on.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const [folder, ...flags] = process.argv.slice(2);
if (!folder || !existsSync(join(folder, 'StructureDefinition-Patient.json'))) {
  console.error('usage: node profiles.mjs FOLDER [--check]     FOLDER holds the files of hl7.fhir.r4.examples 4.0.1');
  process.exit(2);
}

const table = resolve(dirname(fileURLToPath(import.meta.url)), '../../src/SecondOpinion.Fhir/Definitions/Tables/profiles.tsv');
const target = resolve(dirname(fileURLToPath(import.meta.url)), '../../tests/SecondOpinion.Fhir.Tests/Data/r4-profiles.txt.gz');
const head = ['resourceType', 'id', 'url', 'name', 'status', 'kind', 'abstract', 'context', 'contextInvariant', 'type', 'baseDefinition', 'derivation'];
const values = /^(fixed|pattern|minValue|maxValue)[A-Z]/;
const compared = ['id', 'path', 'sliceName', 'slicing', 'min', 'max', 'contentReference', 'type', 'maxLength', 'binding', 'isModifier'];

function element(e, isDifferential) {
  const result = {};
  for (const [name, value] of Object.entries(e)) if (compared.includes(name) || values.test(name)) result[name] = value;
  if (result.binding) {
    const limits = (result.binding.extension ?? []).filter(x => x.url.endsWith('ValueSet'));
    result.binding = { ...(limits.length ? { extension: limits } : {}), strength: result.binding.strength, valueSet: result.binding.valueSet };
  }
  result.type = result.type?.map(({ extension, ...rest }) => rest);
  if (isDifferential) result.constraint = e.constraint?.map(({ key, severity, human, expression }) => ({ key, severity, human, expression }));
  return result;
}

// Extensions that the definitions of 4.0.1 use outside their own contexts; later releases widened them.
const widened = {
  'structuredefinition-fhir-type': 'ElementDefinition.type',
  'structuredefinition-normative-version': 'Element',
  regex: 'ElementDefinition.type',
  translation: 'Element',
  'valueset-concept-comments': 'CodeSystem.concept',
};

const lines = [];
const rows = ['# hl7.fhir.r4.examples 4.0.1 (FHIR R4 4.0.1, CC0-1.0); made by tools/fhir-definitions, do not edit', '# URL, StructureDefinition with its differential, prose left out'];
for (const name of readdirSync(folder).filter(n => n.startsWith('StructureDefinition-') && n.endsWith('.json')).sort()) {
  const text = readFileSync(join(folder, name), 'utf8');
  const definition = JSON.parse(text);
  if (definition.derivation !== 'constraint' || definition.kind === 'logical' || !definition.snapshot) continue;
  const small = Object.fromEntries(head.filter(n => n in definition).map(n => [n, definition[n]]));
  for (const view of ['snapshot', 'differential']) small[view] = { element: definition[view].element.map(e => element(e, view === 'differential')) };
  lines.push(JSON.stringify(small));
  delete small.snapshot;
  if (small.id in widened) small.context = [...small.context, { type: 'element', expression: widened[small.id] }];
  rows.push(small.url + '\t' + JSON.stringify(small));
}
const all = lines.join('\n') + '\n';
const known = rows.join('\n') + '\n';
if (flags.includes('--check')) {
  const same = existsSync(target) && gunzipSync(readFileSync(target)).toString('utf8') === all && existsSync(table) && readFileSync(table, 'utf8') === known;
  console.log(same ? 'no drift' : 'r4-profiles.txt.gz or profiles.tsv differs from what the package gives');
  process.exit(same ? 0 : 1);
}
writeFileSync(table, known);
writeFileSync(target, gzipSync(all, { level: 9 }));
console.log(`${lines.length} profiles and extensions, ${all.length} characters`);

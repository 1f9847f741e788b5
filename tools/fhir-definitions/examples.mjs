#!/usr/bin/env node
// Packs the example instances of hl7.fhir.r4.examples 4.0.1 (CC0-1.0) for the tests: one resource a line, "name<TAB>JSON", gzip.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const [folder, ...flags] = process.argv.slice(2);
if (!folder || !existsSync(join(folder, 'StructureDefinition-Patient.json'))) {
  console.error('usage: node examples.mjs FOLDER [--check]     FOLDER holds the files of hl7.fhir.r4.examples 4.0.1');
  process.exit(2);
}

const target = resolve(dirname(fileURLToPath(import.meta.url)), '../../tests/SecondOpinion.Fhir.Tests/Data/r4-examples.txt.gz');
// Definitions are not instances, unless they are examples; what is larger than this is a collection or an image.
const definitions = new Set(['StructureDefinition', 'SearchParameter', 'ValueSet', 'CodeSystem', 'OperationDefinition', 'ConceptMap', 'CompartmentDefinition',
  'CapabilityStatement', 'ImplementationGuide', 'NamingSystem', 'StructureMap']);
const largest = 100_000;
const lines = [];
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.json') || name === 'package.json' || name.startsWith('.')) continue;
  const text = readFileSync(join(folder, name), 'utf8');
  if (text.length > largest || (definitions.has(JSON.parse(text).resourceType) && !name.includes('example'))) continue;
  lines.push(`${name.slice(0, -5)}\t${text.replace(/\r?\n\s*/g, '')}`);
}
const all = lines.join('\n') + '\n';
if (flags.includes('--check')) {
  const same = existsSync(target) && gunzipSync(readFileSync(target)).toString('utf8') === all;
  console.log(same ? 'no drift' : 'r4-examples.txt.gz differs from what the package gives');
  process.exit(same ? 0 : 1);
}
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, gzipSync(all, { level: 9 }));
console.log(`${lines.length} examples`);

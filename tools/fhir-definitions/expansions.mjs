#!/usr/bin/env node
// Writes what R4's own expansions of value sets hold, one line a set, for the tests to compare with. See README.md.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, flag] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node expansions.mjs FOLDER [--check]     FOLDER holds the files of hl7.fhir.r4.examples 4.0.1');
  process.exit(2);
}

const target = resolve(dirname(fileURLToPath(import.meta.url)), '../../tests/SecondOpinion.Fhir.Tests/Data/r4-expansions.tsv');
const flatten = contains => (contains ?? []).flatMap(c => [...(c.code ? [`${c.system}|${c.code}`] : []), ...flatten(c.contains)]);
const rows = JSON.parse(readFileSync(join(folder, 'Bundle-valueset-expansions.json'), 'utf8')).entry.map(e => e.resource).filter(v => v.expansion).map(v => {
  const codes = [...new Set(flatten(v.expansion.contains))].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const isWhole = !(v.expansion.parameter ?? []).some(p => p.name === 'limitedExpansion' && p.valueBoolean !== false) && (v.expansion.total ?? codes.length) <= codes.length;
  return [v.url, codes.length, isWhole ? '' : 'part', createHash('sha256').update(codes.join('\n')).digest('hex').slice(0, 16)].join('\t');
}).sort();
const text = ['# hl7.fhir.r4.examples 4.0.1 (FHIR R4 4.0.1, CC0-1.0); made by tools/fhir-definitions/expansions.mjs, do not edit', '# url, codes, "part" when the expansion is not whole, start of SHA-256 over the sorted system|code lines', ...rows, ''].join('\n');
if (flag === '--check') {
  process.exit(readFileSync(target, 'utf8') === text ? 0 : 1);
}

writeFileSync(target, text);
console.log(`${rows.length} expansions`);

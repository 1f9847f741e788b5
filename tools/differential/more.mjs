// Units, JSON validity and JSON patches: what @lhncbc/ucum-lhc, fhir and rfc6902 make of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, hash } from './canonical.mjs';

/** One row a unit: what one of it is in base units. The codes are those of R4's value set ucum-common and units.txt. */
export function units({ require, folder, here, write }) {
  const ucum = require('@lhncbc/ucum-lhc').UcumLhcUtils.getInstance();
  const set = JSON.parse(readFileSync(join(folder, 'hl7.fhir.r4.examples/ValueSet-ucum-common.json'), 'utf8'));
  const common = set.compose.include.flatMap(i => (i.concept ?? []).map(c => c.code));
  const more = readFileSync(join(here, 'units.txt'), 'utf8').split('\n').filter(l => l && !l.startsWith('#'));
  const rows = [];
  for (const code of [...new Set([...common, ...more])]) {
    const result = ucum.convertToBaseUnits(code, 1);
    const known = ucum.getSpecifiedUnit(code, 'validate').unit;
    const base = result.unitToExp && Object.entries(result.unitToExp).filter(([, e]) => e).sort(([a], [b]) => (a < b ? -1 : 1)).map(([u, e]) => u + (e === 1 ? '' : e)).join('.');
    rows.push([code, !known ? 'unknown' : known.isArbitrary_ ? 'arbitrary' : result.status !== 'succeeded' ? 'failed' : `${Number(result.magnitude.toPrecision(7))} ${base || '1'}`].join('\t'));
  }
  write('units.tsv', 'UCUM code, one of it in base units', rows);
}

/** Whether the fhir program finds an instance valid: each line of instances.txt. */
export function validity({ require, here, write }) {
  const { Fhir } = require('fhir');
  const fhir = new Fhir();
  const rows = [];
  for (const line of readFileSync(join(here, 'instances.txt'), 'utf8').split('\n')) {
    if (!line || line.startsWith('#')) continue;
    let answer;
    try {
      answer = fhir.validate(JSON.parse(line), { errorOnUnexpected: true }).valid ? 'valid' : 'invalid';
    } catch {
      answer = 'invalid';
    }
    rows.push(`${line}\t${answer}`);
  }
  write('validity.tsv', 'instance, answer of fhir', rows);
}

/** Results of JSON patches made from a seed. */
export function patches({ require, examples, write }) {
  const { applyPatch } = require('rfc6902');
  let seed = 20;
  const random = n => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
  const rows = [];
  const names = [...examples.keys()].filter(n => /^(Patient|ServiceRequest|Task|Organization|Practitioner)-/.test(n) && examples.get(n).length < 3000);
  const pointers = (value, path, out) => {
    out.push(path);
    if (value && typeof value === 'object') for (const k of Object.keys(value)) pointers(value[k], `${path}/${k.replace(/~/g, '~0').replace(/\//g, '~1')}`, out);
    return out;
  };
  for (let i = 0; i < 150; i++) {
    const name = names[random(names.length)];
    const resource = JSON.parse(examples.get(name));
    const all = pointers(resource, '', []).filter(p => p && !/^\/(resourceType|id|text)/.test(p));
    const at = () => all[random(all.length)];
    const patch = [];
    for (let n = 1 + random(3); n > 0; n--) {
      const op = ['add', 'remove', 'replace', 'move', 'copy', 'test'][random(6)];
      const path = random(8) === 0 ? at().replace(/[^/]+$/, random(2) ? '-' : '9') : at();
      const value = ['x', 7, true, { a: [1] }, [], null][random(5)];
      patch.push(op === 'remove' ? { op, path } : op === 'move' || op === 'copy' ? { op, from: at(), path } : { op, path, value: random(3) === 0 ? resource.id : value });
    }
    const target = structuredClone(resource);
    const errors = applyPatch(target, patch).filter(Boolean);
    rows.push([name, JSON.stringify(patch), errors.length ? 'refused' : hash(canonical(target))]);
  }
  write('patches.tsv', 'example, patch, hash of the result of rfc6902 or refused', rows.map(r => r.join('\t')));
}

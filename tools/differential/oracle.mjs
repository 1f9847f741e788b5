#!/usr/bin/env node
// Writes what other programs make of the example resources, for the tests to compare with. See README.md.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { canonical, hash, quote, shortNumber } from './canonical.mjs';
import { patches, units, validity } from './more.mjs';

const [folder, ...flags] = process.argv.slice(2);
if (!folder || !existsSync(join(folder, 'fhirpath'))) {
  console.error('usage: node oracle.mjs NODE_MODULES [--check]     NODE_MODULES holds the packages of package.json');
  process.exit(2);
}

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const data = join(root, 'tests/SecondOpinion.Fhir.Tests/Data');
const tables = join(root, 'src/SecondOpinion.Fhir/Definitions/Tables');
const require = createRequire(join(resolve(folder), 'x.js'));
const fhirpath = require('fhirpath');
const model = require('fhirpath/fhir-context/r4');
const { Fhir } = require('fhir');
const sax = require('sax');

const versions = ['fhirpath', 'fhir', '@lhncbc/ucum-lhc', 'rfc6902'].map(p => `${p} ${JSON.parse(readFileSync(join(folder, p, 'package.json'), 'utf8')).version}`).join(', ');
const examples = new Map(gunzipSync(readFileSync(join(data, 'r4-examples.txt.gz'))).toString('utf8').split('\n').filter(Boolean)
  .map(line => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]));
const table = name => readFileSync(join(tables, name), 'utf8').split('\n').filter(l => l && !l.startsWith('#')).map(l => l.split('\t').map(unescapeCell));

function unescapeCell(text) {
  return text.replace(/\\(.)/g, (_, c) => ({ t: '\t', n: '\n' })[c] ?? c);
}

console.warn = () => {}; // The engine warns of dropped fractions and of arguments it does not take.
let drift = 0;
function write(name, columns, rows) {
  const text = [`# ${versions}; made by tools/differential, do not edit`, '# ' + columns, ...rows, ''].join('\n');
  const path = join(data, 'differential', name);
  if (flags.includes('--check')) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      console.error(`${name} differs from what the programs give`);
      drift++;
    }
    return;
  }

  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`${name}: ${rows.length} rows, ${text.length} characters`);
}

// ---- fhirpath
// The engine's own resolve() is asynchronous and asks a server; here a reference is as much as its type, or the contained resource.
let document;
const resolveFn = inputs => inputs.flatMap(input => {
  const value = input?.data ?? input;
  const reference = typeof value === 'string' ? value : value?.reference;
  let target;
  if (reference?.startsWith('#')) {
    target = reference === '#' ? document : (document.contained ?? []).find(c => c.id === reference.slice(1));
  } else {
    const typed = reference && /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]+)?$/.exec(reference);
    const type = typed ? typed[1] : value?.type;
    target = type && { resourceType: type };
  }
  return target && input?.constructor?.makeResNode ? [input.constructor.makeResNode(input.ctx, target, null, null, null, null)] : [];
});
const options = { userInvocationTable: { resolve: { fn: resolveFn, internalStructures: true } }, resolveInternalTypes: false, traceFn: () => {} };
const compiled = new Map();

// "as" on a collection is an error to this engine; the expressions of R4 need it to filter.
const filtering = expression => expression.replace(/\s+as\s+([A-Za-z.]+)/g, '.ofType($1)').replace(/(?<![A-Za-z])as\(([A-Za-z.]+)\)/g, 'ofType($1)');

function evaluate(resource, expression) {
  if (!compiled.has(expression)) {
    try {
      compiled.set(expression, fhirpath.compile(expression, model, options));
    } catch (e) {
      compiled.set(expression, () => { throw e; });
    }
  }
  document = resource;
  return compiled.get(expression)(resource, { resource, rootResource: resource }).map(i => (i?.constructor?.name === 'ResourceNode' ? i.data : i));
}

const isDecimal = item => typeof item?.toDecimalPlaces === 'function' || /Decimal/.test(item?.constructor?.name ?? '');

function show(item) {
  if (item === null || item === undefined) return 'null';
  if (typeof item === 'string') return quote(item);
  if (typeof item === 'boolean') return String(item);
  if (typeof item === 'number' || typeof item === 'bigint') return shortNumber(item);
  const kind = item.constructor?.name;
  if (isDecimal(item)) return shortNumber(item.toString());
  if (kind === 'FP_Quantity') return shortNumber(item.value) + ' ' + item.unit.replace(/^'|'$/g, '').replace(/^(year|month|week|day|hour|minute|second|millisecond)s$/, '$1');
  if (/^FP_/.test(kind)) return '@' + String(item).replace(/^T/, '');
  if (kind === 'TypeInfo' || kind === 'FP_Type') return String(item);
  return canonical(item);
}

function outcome(resource, expression) {
  try {
    const items = evaluate(resource, expression);
    return items.length === 0 ? '{}' : items.map(show).join(' | ');
  } catch {
    return 'error';
  }
}

function expressions() {
  let name = 'Patient-example';
  const rows = [];
  for (const line of readFileSync(join(here, 'expressions.txt'), 'utf8').split('\n')) {
    if (line.startsWith('#') || !line) continue;
    if (/^@[A-Z][a-z]+[A-Za-z]*-/.test(line)) {
      name = line.slice(1);
      continue;
    }
    rows.push([name, line, outcome(JSON.parse(examples.get(name)), line)].join('\t'));
  }
  write('expressions.tsv', 'example, expression, items of fhirpath', rows);
}

/** The same expressions to @medplum/core, which has a FHIRPath of its own without units and without most of date arithmetic. */
function medplum() {
  const { evalFhirPathTyped, toTypedValue } = require('@medplum/core');
  const rows = [];
  for (const line of readFileSync(join(data, 'differential', 'expressions.tsv'), 'utf8').split('\n')) {
    if (!line || line.startsWith('#')) continue;
    const [name, expression] = line.split('\t');
    let answer;
    try {
      const items = evalFhirPathTyped(expression, [toTypedValue(JSON.parse(examples.get(name)))]);
      answer = items.length === 0 ? '{}' : items.map(i => showPlain(i.value)).join(' | ');
    } catch {
      answer = 'error';
    }
    rows.push([name, expression, answer].join('\t'));
  }
  write('medplum.tsv', `example, expression, items of @medplum/core ${JSON.parse(readFileSync(join(folder, '@medplum/core/package.json'), 'utf8')).version}`, rows);
}

function showPlain(item) {
  return typeof item === 'string' ? quote(item) : typeof item === 'boolean' ? String(item) : typeof item === 'number' ? shortNumber(item) : canonical(item);
}

/** Every operator between operands of every kind, so that no combination is left to luck. */
function operators() {
  const operands = ['{}', 'true', '1', '2.5', "'a'", '@2014', '@2014-01-01T10:00:00Z', '@T10:00', "1 'mg'", '2 days', '(1 | 2)', 'birthDate', 'name'];
  const symbols = ['=', '!=', '~', '!~', '<', '>=', '+', '-', '*', '/', 'div', 'mod', '&', 'and', 'or', 'xor', 'implies', 'in', 'contains', '|'];
  const resource = JSON.parse(examples.get('Patient-example'));
  const rows = [];
  for (const op of symbols) {
    for (const a of operands) {
      for (const b of operands) {
        const expression = `${a} ${op} ${b}`;
        rows.push([expression, outcome(resource, expression).replace(/\{.{60,}/, 'elements')].join('\t'));
      }
    }
  }
  write('operators.tsv', 'expression over Patient-example, items of fhirpath', rows);
}

function selections() {
  const parameters = table('search-parameters.tsv').map(([id, code, type, base, expression, , components]) => ({ id, code, type, bases: base.split(','), expression, components }));
  const rows = [];
  for (const [name, text] of examples) {
    const resource = JSON.parse(text);
    const cells = [];
    for (const p of parameters) {
      const mine = p.bases.some(b => b === resource.resourceType || b === 'Resource' || (b === 'DomainResource' && !['Bundle', 'Binary', 'Parameters'].includes(resource.resourceType)));
      if (!mine || !p.expression) continue;
      const parts = p.type === 'composite'
        ? p.components.split(';;').map((c, i) => [`${p.code}$${i}`, `(${p.expression}).select(${c.slice(c.indexOf('=') + 1)})`])
        : [[p.code, p.expression]];
      for (const [code, expression] of parts) {
        let found;
        try {
          found = evaluate(resource, filtering(expression));
        } catch (e) {
          cells.push(`${code}=error`);
          continue;
        }
        if (found.length > 0) cells.push(`${code}=${hash([...new Set(found.map(i => canonical(plain(i))))].sort().join('\n'))}`);
      }
    }
    rows.push(name + '\t' + cells.sort().join(' '));
  }
  write('selections.tsv', 'example, hash of what each search parameter selects', rows);
}

// Numbers of the engine are objects of their own.
const plain = item => isDecimal(item) ? Number(item.toString()) : /^FP_/.test(item?.constructor?.name ?? '') ? String(item) : item;

function invariants() {
  const rules = new Map(table('invariants.tsv').map(([key, , expression]) => [key, expression]));
  const contexts = [];
  let type;
  for (const row of table('elements.tsv')) {
    if (row[0].startsWith('=')) {
      type = { name: row[0].slice(1), kind: row[1] };
      for (const key of (row[4] ?? '').split(',').filter(Boolean)) contexts.push({ type, path: '', key });
    } else {
      for (const key of (row[5] ?? '').split(',').filter(Boolean)) contexts.push({ type, path: row[0].replace('[x]', ''), key });
    }
  }

  const rows = [];
  for (const { type: t, path, key } of contexts) {
    // ele-1 and ext-1 hold everywhere and are taken out of the table; dom rules are listed with every resource, and once is enough.
    if (t.kind === 'primitive-type' || (key.startsWith('dom-') && t.name !== 'DomainResource')) continue;
    const from = t.kind === 'resource' ? (['Resource', 'DomainResource'].includes(t.name) ? '$this' : t.name) : `descendants().ofType(${t.name})`;
    const rule = filtering(rules.get(key));
    const expression = `${from}${path ? '.' + path.replace(/\bdiv$/, '`div`') : ''}.select(iif(${rule}, 'T', iif((${rule}).exists(), 'F', 'E')))`;
    let [total, truths, rest] = [0, 0, []];
    for (const [name, text] of examples) {
      const resource = JSON.parse(text);
      if (t.kind === 'resource' && t.name !== resource.resourceType && from !== '$this') continue;
      let found;
      try {
        // descendants() has no order of its own.
        found = evaluate(resource, expression).sort().join('');
      } catch (e) {
        found = 'error';
      }
      total += found === 'error' ? 0 : found.length;
      truths += found.replace(/[^T]/g, '').length;
      if (/[^T]/.test(found)) rest.push(`${name}=${found}`);
    }
    rows.push([key, path ? t.name + '.' + path : t.name, expression, total, truths, rest.join(' ')].join('\t'));
  }
  write('invariants.tsv', 'key, element, expression, contexts, of them true, examples where any is not (T true, F false, E empty, or error)', rows.filter(r => r.split('\t')[3] !== '0' || r.split('\t')[5]));
}

// ---- XML
function xmlEvents(xml) {
  const parser = sax.parser(true, { trim: false });
  const out = [];
  let text = '';
  const flush = () => {
    const collapsed = text.replace(/[ \t\r\n]+/g, ' ').trim();
    if (collapsed) out.push('"' + collapsed);
    text = '';
  };
  parser.onopentag = n => {
    flush();
    const attributes = Object.entries(n.attributes).filter(([k]) => k !== 'xmlns' && !k.startsWith('xmlns:')).sort(([a], [b]) => (a < b ? -1 : 1));
    out.push('<' + n.name + attributes.map(([k, v]) => ` ${k}=${/^-?\d+\.\d+$/.test(v) ? v.replace(/0+$/, '').replace(/\.$/, '') : v.replace(/[ \t\r\n]+/g, ' ').trim()}`).join(''));
  };
  parser.onclosetag = () => {
    flush();
    out.push('>');
  };
  parser.ontext = t => { text += t; };
  parser.oncdata = t => { text += t; };
  parser.write(xml).close();
  return out.join('\n');
}

function xml() {
  const fhir = new Fhir();
  const rows = [];
  for (const [name, text] of examples) {
    let result;
    try {
      result = hash(xmlEvents(fhir.objToXml(JSON.parse(text))));
    } catch (e) {
      result = 'error';
    }
    rows.push(`${name}\t${result}`);
  }
  write('xml.tsv', 'example, hash of the events of its XML', rows);
}

const only = flags.find(f => !f.startsWith('--'));
for (const part of [expressions, medplum, operators, selections, invariants, xml, units, validity, patches]) {
  if (only && part.name !== only) continue;
  const start = Date.now();
  part({ require, folder, here, examples, write });
  console.log(`${part.name}: ${Date.now() - start} ms`);
}
process.exit(drift ? 1 : 0);

#!/usr/bin/env node
// Writes the R4 definition tables of src/SecondOpinion.Fhir/Definitions from the package hl7.fhir.r4.examples 4.0.1. See README.md.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, dental, ...flags] = process.argv.slice(2);
if (!folder || !dental || !existsSync(join(folder, 'StructureDefinition-Patient.json')) || !existsSync(join(dental, 'CodeSystem-ADAToothSurfaceCodes.json'))) {
  console.error('usage: node build.mjs FOLDER THO [--check]     FOLDER holds the files of hl7.fhir.r4.examples 4.0.1, THO those of hl7.terminology.r4 7.0.1');
  process.exit(2);
}

const check = flags.includes('--check');
const target = resolve(dirname(fileURLToPath(import.meta.url)), '../../src/SecondOpinion.Fhir/Definitions/Tables');
const source = 'hl7.fhir.r4.examples 4.0.1 (FHIR R4 4.0.1, CC0-1.0)';
const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const files = readdirSync(folder).sort();
const all = type => files.filter(f => f.startsWith(type + '-') && f.endsWith('.json')).map(read).filter(r => r.resourceType === type);
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const cell = text => String(text ?? '').replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\r?\n/g, '\\n');
const typeName = url => url.replace('http://hl7.org/fhir/StructureDefinition/', '');
const valueSetName = url => url.replace(/\|[0-9.-]+$/, '').replace('http://hl7.org/fhir/ValueSet/', '');

let drift = 0;
function write(name, columns, rows) {
  const text = [`# ${source}; made by tools/fhir-definitions, do not edit`, '# ' + columns, ...rows, ''].join('\n');
  const path = join(target, name);
  if (check) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      console.error(`${name} differs from what the package gives`);
      drift++;
    }
  } else {
    mkdirSync(target, { recursive: true });
    writeFileSync(path, text);
    console.log(`${name}: ${rows.length} rows, ${text.length} characters`);
  }
}

// ---- elements and invariants
const structures = all('StructureDefinition').filter(s => s.kind !== 'logical' && s.derivation !== 'constraint');
const order = { 'primitive-type': 0, 'complex-type': 1, resource: 2 };
structures.sort((a, b) => order[a.kind] - order[b.kind] || byText(a.type, b.type));
const byType = new Map(structures.map(s => [s.type, s]));
const invariants = new Map();
const boundSets = new Map(); // value set -> strongest binding

function fhirType(type) {
  const hint = (type.extension ?? []).find(e => e.url.endsWith('structuredefinition-fhir-type'));
  const code = type.code.startsWith('http://hl7.org/fhirpath/') ? (hint?.valueUrl ?? hint?.valueUri ?? 'string') : type.code;
  const targets = (type.targetProfile ?? []).map(typeName);
  return code + (targets.length ? `(${targets.join('|')})` : '') + (type.profile ? `{${type.profile.map(typeName).join('|')}}` : '');
}

function keysOf(element) {
  const keys = [];
  for (const c of element.constraint ?? []) {
    const known = invariants.get(c.key);
    const row = { severity: c.severity, expression: c.expression, human: c.human };
    let key = c.key;
    if (known && known.expression !== row.expression && key !== 'ext-1') {
      // Two types use one key for different rules: the later one is told apart by where it stands.
      key = [...invariants].find(([k, v]) => k.split('@')[0] === c.key && v.expression === row.expression)?.[0] ?? `${c.key}@${element.path}`;
    }
    if (!invariants.has(key)) invariants.set(key, row);
    keys.push(key);
  }
  return keys.filter(k => k !== 'ele-1' && k !== 'ext-1');
}

function elementRow(e) {
  // 4.0.1 says string for Resource.id in its type hint; the page of Resource says id, and so do all other editions.
  if (e.base?.path === 'Resource.id') e.type = [{ code: 'id' }];
  const types = e.contentReference ? '@' + e.contentReference.slice(1) : (e.type ?? []).map(fhirType).join(',');
  const marks = (e.isSummary ? 'S' : '') + (e.isModifier ? 'M' : '') + ((e.representation ?? []).includes('xmlAttr') ? 'A' : '');
  let binding = '';
  if (e.binding?.valueSet && ['required', 'extensible'].includes(e.binding.strength)) {
    const name = valueSetName(e.binding.valueSet);
    binding = `${e.binding.strength} ${name}`;
    if (e.binding.strength === 'required' || !boundSets.has(name)) {
      boundSets.set(name, e.binding.strength);
    }
    const max = (e.binding.extension ?? []).find(x => x.url.endsWith('elementdefinition-maxValueSet'))?.valueCanonical;
    if (max) binding += ` max ${valueSetName(max)}`;
  } else if (e.binding?.valueSet) {
    binding = `${e.binding.strength} ${valueSetName(e.binding.valueSet)}`;
  }
  const fixed = Object.keys(e).find(k => /^(fixed|pattern)/.test(k));
  if (fixed) throw new Error(`${e.path} has ${fixed}`);
  return [`${e.min}..${e.max}`, types, marks, binding, keysOf(e).join(',')].map(cell);
}

// Rows that a type inherits unchanged are left out: the loader takes them from the base.
const elementRows = [];
const rowsOf = new Map();
function inherited(path, type) {
  for (let s = byType.get(type); s; s = byType.get(typeName(s.baseDefinition ?? ''))) {
    const row = rowsOf.get(s.type)?.get(path);
    if (row) return row;
  }
  return undefined;
}
const depth = s => (s.baseDefinition ? 1 + depth(byType.get(typeName(s.baseDefinition))) : 0);
for (const s of [...structures].sort((a, b) => depth(a) - depth(b))) {
  const map = new Map();
  for (const e of s.snapshot.element) map.set(e.path.slice(s.type.length + 1), elementRow(e).join('\t'));
  rowsOf.set(s.type, map);
}
for (const s of structures) {
  const base = typeName(s.baseDefinition ?? '');
  const root = s.snapshot.element[0];
  elementRows.push(`=${s.type}\t${s.kind}\t${s.abstract ? 'abstract' : ''}\t${base}\t${keysOf(root).join(',')}`);
  for (const e of s.snapshot.element.slice(1)) {
    const path = e.path.slice(s.type.length + 1);
    if (s.kind === 'primitive-type' && path === 'value') continue;
    const row = rowsOf.get(s.type).get(path);
    const dot = path.lastIndexOf('.');
    const parentType = dot < 0 ? base : (s.snapshot.element.find(p => p.path === `${s.type}.${path.slice(0, dot)}`).type?.[0].code);
    if (inherited(path.slice(dot + 1), parentType) !== row) elementRows.push(`${path}\t${row}`);
  }
}
write('elements.tsv', 'element, cardinality, types (@ content reference), S summary M modifier A attribute, binding, invariants beside ele-1 and ext-1; "=" begins a type: name, kind, abstract, base, invariants', elementRows);
write('invariants.tsv', 'key, severity, expression, human', [...invariants].sort(([a], [b]) => byText(a, b)).map(([k, v]) => [k, v.severity, v.expression, v.human].map(cell).join('\t')));

// ---- search parameters
const parameters = read('Bundle-searchParams.json').entry.map(e => e.resource).sort((a, b) => byText(a.id, b.id));
write('search-parameters.tsv', 'id, code, type, base types, expression, target types, components (definition=expression;;), multipleOr, url',
  parameters.map(p => [p.id, p.code, p.type, p.base.join(','), p.expression, (p.target ?? []).join(','),
    (p.component ?? []).map(c => `${c.definition}=${c.expression}`).join(';;'), p.multipleOr === false ? 'false' : '', p.url].map(cell).join('\t')));

// ---- compartments
const compartments = all('CompartmentDefinition').filter(c => c.id !== 'example');
write('compartments.tsv', 'compartment, resource type, search parameters', compartments.flatMap(c =>
  c.resource.filter(r => r.param?.length).map(r => [c.code, r.code, r.param.join(',')].join('\t'))));

// ---- value sets
const expansions = new Map();
for (const { resource } of read('Bundle-valueset-expansions.json').entry) {
  if (resource.resourceType === 'ValueSet' && resource.expansion) expansions.set(resource.url, resource);
}
const authored = new Map(all('ValueSet').map(v => [v.url, v]));
const codeSystems = new Map(all('CodeSystem').map(c => [c.url, c]));

function flatten(contains, into) {
  for (const c of contains ?? []) {
    if (c.code && !c.abstract) into.push([c.system, c.code, c.display]);
    flatten(c.contains, into);
  }
  return into;
}
function systemCodes(concepts, system, into) {
  for (const c of concepts ?? []) {
    into.push([system, c.code, c.display]);
    systemCodes(c.concept, system, into);
  }
  return into;
}

// Value sets without a ready expansion are composed here when their systems are on board and no filter narrows them.
function compose(valueSet, seen = new Set()) {
  if (!valueSet?.compose || seen.has(valueSet.url) || valueSet.compose.exclude) return null;
  seen.add(valueSet.url);
  const codes = [];
  for (const include of valueSet.compose.include) {
    if (include.filter) return null;
    if (include.concept) {
      codes.push(...include.concept.map(c => [include.system, c.code, c.display]));
    } else if (include.system) {
      const system = codeSystems.get(include.system);
      if (!system || system.content !== 'complete') return null;
      systemCodes(system.concept, include.system, codes);
    }
    for (const nested of include.valueSet ?? []) {
      const inner = expand(nested.replace(/\|.*$/, ''), seen);
      if (!inner || include.system) return null;
      codes.push(...inner);
    }
  }
  return codes;
}
function expand(url, seen) {
  const ready = expansions.get(url);
  if (ready) {
    const codes = flatten(ready.expansion.contains, []);
    const partial = (ready.expansion.extension ?? []).some(e => /toocostly|unclosed/i.test(e.url)) || (ready.expansion.total ?? 0) > codes.length;
    if (!partial && codes.length > 0) return codes;
  }
  return compose(authored.get(url), seen);
}

const valueSetRows = [];
let open = 0;
for (const [name, strength] of [...boundSets].sort(([a], [b]) => byText(a, b))) {
  const url = name.startsWith('http:') ? name : 'http://hl7.org/fhir/ValueSet/' + name;
  const codes = expand(url);
  if (!codes || (strength === 'extensible' && codes.length > 400)) {
    valueSetRows.push(`=${name}\t${strength}\topen`);
    open++;
    continue;
  }
  valueSetRows.push(`=${name}\t${strength}\t`);
  let system;
  for (const c of codes) {
    if (c[0] !== system) valueSetRows.push(`@${(system = c[0])}`);
    valueSetRows.push([c[1], c[2]].map(cell).join('\t').replace(/^[=@#]/, '\\$&'));
  }
}
write('value-sets.tsv', '"=" begins a value set: name, strongest binding, "open" when its codes are not listed; "@" begins a code system; code, display', valueSetRows);
if (!check) console.log(`${boundSets.size} bound value sets, ${open} open`);

// ---- code systems: all of R4 that list codes, with their hierarchy, and the dental ones of THO that R4 lacks
const row = cells => cells.map(cell).join('\t').replace(/\t+$/, '').replace(/^[=@#+]/, '\\$&');
for (const name of ['ADAToothSurfaceCodes', 'ADAUniversalToothDesignationSystem']) {
  const system = JSON.parse(readFileSync(join(dental, `CodeSystem-${name}.json`), 'utf8'));
  // THO 7.0.1 calls tooth 19 a second molar in its display and, rightly, the first molar (ISO 36) in its definition: the definition names the tooth.
  for (const c of system.concept) {
    const named = /^(.*?)\s*[;:,] Universal designation/.exec(c.definition)?.[1];
    if (named) c.display = named;
  }
  codeSystems.set(system.url, system);
}
const tables = [...codeSystems.values()].filter(c => c.concept?.length && c.content !== 'supplement').sort((a, b) => byText(a.url, b.url));
const displays = new Map(); // system|code -> display
const codeRows = [];
for (const system of tables) {
  // The prose of v3 and DICOM is as large as all tables together; their displays say enough.
  const hasProse = !system.url.includes('/CodeSystem/v3-') && !system.url.includes('dicom.nema.org');
  const parents = new Map();
  const property = (concept, code) => (concept.property ?? []).filter(p => p.code === code);
  const walk = (concepts, visit, depth = 0) => (concepts ?? []).forEach(c => { visit(c, depth); walk(c.concept, visit, depth + 1); });
  walk(system.concept, c => property(c, 'child').forEach(p => parents.set(p.valueCode, [...(parents.get(p.valueCode) ?? []), c.code])));
  codeRows.push(row(['', system.version, system.content, system.name]).replace('', `=${system.url}`));
  walk(system.concept, (c, depth) => {
    const isAbstract = [...property(c, 'notSelectable'), ...property(c, 'abstract')].some(p => p.valueBoolean);
    const status = property(c, 'status').map(p => p.valueCode)[0];
    const marks = [(isAbstract ? 'A' : '') + (status ? status[0].toUpperCase() : ''), ...(parents.get(c.code) ?? [])].join(' ').trimEnd();
    displays.set(`${system.url}|${c.code}`, c.display);
    codeRows.push(row([c.code, c.display, depth || '', marks, hasProse && c.definition !== c.display ? c.definition?.trim() : '']));
    for (const d of c.designation ?? []) if (d.language) codeRows.push(`+${cell(d.language)}\t${cell(d.value)}`);
  });
}
write('code-systems.tsv', '"=" begins a code system: url, version, content, name; code, display, depth, marks (A not selectable, D deprecated, R retired; further parents), definition; "+" language and designation of the code above', codeRows);

// ---- compositions of all value sets
const compositionRows = [];
for (const set of [...authored.values()].filter(v => v.compose).sort((a, b) => byText(a.url, b.url))) {
  compositionRows.push(`=${cell(valueSetName(set.url))}\t${cell(set.version)}\t${set.status}\t${cell(set.name)}`);
  for (const [mark, parts] of [['', set.compose.include], ['-', set.compose.exclude ?? []]]) {
    for (const part of parts) {
      compositionRows.push(`@${mark}\t${cell(part.system)}\t${cell(part.version)}`.replace(/\t+$/, ''));
      for (const f of part.filter ?? []) compositionRows.push(`+filter\t${[f.property, f.op, f.value].map(cell).join('\t')}`);
      for (const url of part.valueSet ?? []) compositionRows.push(`+valueSet\t${cell(url)}`);
      for (const c of part.concept ?? []) {
        compositionRows.push(row([c.code, c.display === displays.get(`${part.system}|${c.code}`) ? '' : c.display]));
      }
    }
  }
}
write('compositions.tsv', '"=" begins a value set: name, version, status, computable name; "@" begins an include, "@-" an exclude: system, version; "+" a filter or a value set; code, display where the system has another', compositionRows);

// ---- concept maps
const mapRows = [];
for (const map of all('ConceptMap').filter(m => /^(cm|sc)-/.test(m.id)).sort((a, b) => byText(a.url, b.url))) {
  mapRows.push(`=${cell(map.url)}\t${cell(map.version)}\t${cell(map.sourceCanonical ?? map.sourceUri)}\t${cell(map.targetCanonical ?? map.targetUri)}`);
  for (const group of map.group ?? []) {
    if (group.unmapped) throw new Error(`${map.url} has unmapped`);
    mapRows.push(`@${cell(group.source)}\t${cell(group.target)}`);
    for (const e of group.element) for (const t of e.target ?? []) mapRows.push(row([e.code, t.equivalence, t.code]));
  }
}
write('concept-maps.tsv', '"=" begins a concept map: url, version, source and target value set; "@" begins a group: source system, target system; code, equivalence, code', mapRows);
process.exit(drift ? 1 : 0);

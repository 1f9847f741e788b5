#!/usr/bin/env node
// Writes SUSHI's output small and with readable differences: a line a top-level element or item, no narrative, no prose that R4 has itself. See README.md.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
mkdirSync(to, { recursive: true });

// Prose and mappings that the base definitions hold (a snapshot needs a definition: the short one serves); and the two rules that every element has.
const prose = ['comment', 'requirements', 'alias', 'mapping', 'meaningWhenMissing', 'orderMeaning', 'example', 'condition', 'extension'];
function element(e) {
  for (const name of prose) delete e[name];
  e.definition = e.short ?? e.definition;
  if (e.constraint) {
    e.constraint = e.constraint.filter(c => c.key !== 'ele-1' && c.key !== 'ext-1').map(({ xpath, extension, requirements, ...rest }) => rest);
    if (e.constraint.length === 0) delete e.constraint;
  }

  delete e.binding?.extension;
  e.type?.forEach(t => { if (t.extension) t.extension = t.extension.filter(x => x.url.endsWith('structuredefinition-fhir-type')); if (!t.extension?.length) delete t.extension; });
  return e;
}

const dated = ['NamingSystem', 'CapabilityStatement'];
const { version } = JSON.parse(readFileSync(join(from, readdirSync(from).find(f => f.startsWith('ImplementationGuide-'))), 'utf8'));
for (const file of readdirSync(from).filter(f => f.endsWith('.json')).sort()) {
  const resource = JSON.parse(readFileSync(join(from, file), 'utf8'));
  // What depends on the day or names the stand-in packages is not ours to say; a NamingSystem and a CapabilityStatement need a date, and have one in the source.
  for (const name of ['text', 'mapping', 'dependsOn', ...(dated.includes(resource.resourceType) ? [] : ['date'])]) delete resource[name];
  if (resource.resourceType === 'ImplementationGuide') delete resource.definition.page, delete resource.definition.parameter;
  resource.snapshot?.element.forEach(element);
  // SUSHI leaves the version to the publisher of the guide; a NamingSystem has none in R4.
  const isVersioned = resource.url && !resource.version && resource.resourceType !== 'NamingSystem';
  const entries = Object.entries(resource).flatMap(entry => (isVersioned && entry[0] === 'url' ? [entry, ['version', version]] : [entry]));
  const lines = entries.map(([name, value]) => {
    const list = { snapshot: 'element', differential: 'element', definition: 'resource' }[name];
    const items = list && value[list] ? value[list] : Array.isArray(value) ? value : null;
    if (!items || items.length < 2) return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
    const text = '[\n' + items.map(i => JSON.stringify(i)).join(',\n') + ']';
    return `${JSON.stringify(name)}:${items === value ? text : `{"${list}":${text}}`}`;
  });
  writeFileSync(join(to, file), `{${lines.join(',\n')}}\n`);
}

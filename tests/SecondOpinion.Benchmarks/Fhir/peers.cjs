// node peers.cjs NPM_FOLDER RESOURCES.json: microseconds of CPU of the npm packages fhir and fhirpath, one "operation<TAB>microseconds" a line.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const [folder, input] = process.argv.slice(2);
const load = name => require(join(folder, 'node_modules', name));
const texts = JSON.parse(readFileSync(input, 'utf8')).map(r => JSON.stringify(r));

// A resource that a package cannot take is left out of that operation.
function measure(name, items, operation) {
  const good = items.filter(i => { try { operation(i); return true; } catch { return false; } });
  const times = [];
  for (let round = 0; round < 6; round++) {
    const start = process.cpuUsage();
    let used = 0, count = 0;
    do {
      for (const item of good) operation(item);
      count += good.length;
      const { user, system } = process.cpuUsage(start);
      used = user + system;
    } while (used < 300_000);
    times.push(used / count);
  }
  console.log(`${name}\t${times.slice(1).sort((a, b) => a - b)[2]}`);
}

measure('floor', texts, t => JSON.parse(t));
try {
  const { Fhir } = load('fhir');
  const fhir = new Fhir();
  const xml = texts.flatMap(t => { try { return [fhir.jsonToXml(t)]; } catch { return []; } });
  measure('xml-out', texts, t => fhir.jsonToXml(t));
  measure('xml-in', xml, x => fhir.xmlToObj(x));
  measure('validate', texts, t => fhir.validate(JSON.parse(t)));
} catch (e) {
  console.error(`fhir: ${e.message.split('\n')[0]}`);
}

try {
  const fhirpath = load('fhirpath');
  const r4 = load('fhirpath/fhir-context/r4');
  const observations = texts.map(t => JSON.parse(t)).filter(r => r.resourceType === 'Observation');
  for (const [name, expression] of [
    ['path', 'code.coding.code'],
    ['search', 'Observation.code | Observation.component.code'],
    ['invariant', 'dataAbsentReason.empty() or value.empty()'],
    ['heavy-invariant', 'value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()'],
  ]) {
    const compiled = fhirpath.compile(expression, r4);
    measure(name, observations, o => compiled(o, { resource: o }));
  }
  let n = 0;
  measure('compile', ['value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()'], e => fhirpath.compile(`${e} or ${n++} = 1`, r4));
} catch (e) {
  console.error(`fhirpath: ${e.message.split('\n')[0]}`);
}

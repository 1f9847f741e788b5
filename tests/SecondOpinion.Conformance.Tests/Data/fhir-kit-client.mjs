// Records what fhir-kit-client 2.0.3 sends, for FhirKitClientTests: npm install fhir-kit-client@2.0.3 && node fhir-kit-client.mjs > fhir-kit-client.jsonl
// The client talks to a stub; each line is a request and the status that a server must answer it with. The stub's id stands for the id of the created Patient.
import http from 'node:http';
import { Client } from 'fhir-kit-client';

const id = 'id-of-the-created-patient';
const valueSet = 'http://hl7.org/fhir/ValueSet/administrative-gender', system = 'http://hl7.org/fhir/administrative-gender';
let status = 0;
const stub = http.createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  const headers = Object.fromEntries(['accept', 'content-type', 'if-match', 'prefer'].filter(n => request.headers[n]).map(n => [n, request.headers[n]]));
  console.log(JSON.stringify({ method: request.method, path: request.url.slice(1), headers, body: body || undefined, status }));
  response.setHeader('content-type', 'application/fhir+json');
  response.end(JSON.stringify({ resourceType: 'Patient', id }));
}).listen(0, '127.0.0.1', async () => {
  const client = new Client({ baseUrl: `http://127.0.0.1:${stub.address().port}/fhir` });
  const patient = { resourceType: 'Patient', gender: 'male', identifier: [{ system: 'urn:kit', value: '1' }] };
  const entry = (method, url, resource) => ({ request: { method, url }, resource });
  const send = async (expected, call) => { status = expected; await call; };
  await send(200, client.capabilityStatement());
  await send(201, client.create({ resourceType: 'Patient', body: patient }));
  await send(200, client.read({ resourceType: 'Patient', id }));
  await send(200, client.vread({ resourceType: 'Patient', id, version: '1' }));
  await send(200, client.patch({ resourceType: 'Patient', id, jsonPatch: [{ op: 'replace', path: '/gender', value: 'female' }] }));
  await send(200, client.patch({ resourceType: 'Patient', id, jsonPatch: [{ op: 'add', path: '/active', value: true }], options: { headers: { 'If-Match': 'W/"2"' } } }));
  await send(412, client.patch({ resourceType: 'Patient', id, jsonPatch: [{ op: 'remove', path: '/active' }], options: { headers: { 'If-Match': 'W/"2"' } } }));
  await send(400, client.patch({ resourceType: 'Patient', id, JSONPatch: 'the name of this argument in version 1: nothing is sent' }));
  await send(200, client.update({ resourceType: 'Patient', id, body: { ...patient, id, gender: 'other' } }));
  await send(200, client.update({ resourceType: 'Patient', searchParams: { identifier: 'urn:kit|1' }, body: patient }));
  await send(200, client.search({ resourceType: 'Patient', searchParams: { identifier: 'urn:kit|1', _count: 1 } }));
  await send(200, client.search({ resourceType: 'Patient', searchParams: { identifier: 'urn:kit|1' }, options: { postSearch: true } }));
  await send(200, client.search({ resourceType: 'Observation', compartment: { resourceType: 'Patient', id }, searchParams: { status: 'final' } }));
  await send(200, client.search({ searchParams: { _type: 'Patient', _count: 1 } }));
  await send(200, client.history({ resourceType: 'Patient', id }));
  await send(200, client.history({ resourceType: 'Patient' }));
  await send(200, client.history());
  await send(200, client.transaction({ body: { resourceType: 'Bundle', type: 'transaction', entry: [entry('PUT', `Patient/${id}`, { ...patient, id }), entry('GET', `Patient/${id}`)] } }));
  await send(200, client.batch({ body: { resourceType: 'Bundle', type: 'batch', entry: [entry('GET', `ValueSet/$expand?url=${valueSet}`), entry('POST', 'Patient/$validate', patient)] } }));
  await send(200, client.operation({ resourceType: 'ValueSet', name: 'expand', method: 'GET', input: { url: valueSet, count: 2 } }));
  await send(200, client.operation({ resourceType: 'ValueSet', name: '$expand', input: { resourceType: 'Parameters', parameter: [{ name: 'url', valueUri: valueSet }] } }));
  await send(200, client.operation({ resourceType: 'ValueSet', id: 'agreement', name: 'expand', method: 'GET' }));
  await send(200, client.operation({ resourceType: 'CodeSystem', name: 'lookup', method: 'GET', input: { system, code: 'male' } }));
  await send(200, client.operation({ resourceType: 'Patient', name: 'validate', input: patient }));
  await send(404, client.operation({ resourceType: 'Patient', id, name: 'everything', method: 'GET' }));
  await send(204, client.delete({ resourceType: 'Patient', id }));
  await send(410, client.read({ resourceType: 'Patient', id }));
  stub.close();
});

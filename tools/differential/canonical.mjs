// Normal forms in which both sides write a result; DifferentialText.cs writes the same.
import { createHash } from 'node:crypto';

/** A double by its bits, so that no two languages can print it differently. */
export function bits(number) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16);
}

/** JSON with sorted names and numbers by their bits. */
export function canonical(value) {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
  if (typeof value === 'object') {
    return '{' + Object.keys(value).sort().map(k => quote(k) + ':' + canonical(value[k])).join(',') + '}';
  }
  return typeof value === 'string' ? quote(value) : typeof value === 'number' ? '#' + bits(value) : String(value);
}

/** A string with what would break a line of a table escaped. */
export function quote(text) {
  return "'" + text.replace(/[\\'\t\r\n]/g, c => ({ '\\': '\\\\', "'": "\\'", '\t': '\\t', '\r': '\\r', '\n': '\\n' })[c]) + "'";
}

/** A number to 12 significant digits. */
export function shortNumber(number) {
  return String(Number(Number(number).toPrecision(12)));
}

export function hash(text) {
  return createHash('sha256').update(text, 'utf8').digest().subarray(0, 6).toString('base64url');
}

// Writes src/Shared/letters.tsv: characters of the Basic Multilingual Plane and what is left of them when Unicode takes them apart (NFKD) and combining
// marks are dropped. Hangul syllables stay whole. Needs node with full ICU; the table changes only with the version of Unicode.
import { writeFileSync } from 'node:fs';

const lines = [`# Unicode ${process.versions.unicode}, NFKD without combining marks; made by tools/letters/build.mjs, do not edit`];
for (let code = 0x80; code < 0x10000; code++) {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  const isHangul = code >= 0xac00 && code <= 0xd7a3;
  const text = String.fromCharCode(code);
  const apart = isSurrogate || isHangul ? text : text.normalize('NFKD');
  if (apart !== text) {
    lines.push(`${code.toString(16).toUpperCase().padStart(4, '0')}\t${apart.replace(/\p{M}/gu, '')}`);
  }
}

writeFileSync(new URL('../../src/Shared/letters.tsv', import.meta.url), lines.join('\n') + '\n');

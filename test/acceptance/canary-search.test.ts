import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { filesBelow, findings, formsOf, hashFormsOf } from './canary-search.ts';
import { newPlaintext } from './durability-model.ts';
import { temporaryProject } from './outkit.ts';

const encoded = (encoding: BufferEncoding) => (text: string) => Buffer.from(text).toString(encoding);
const shifted = (encoding: 'base64' | 'base64url', by: number) => (text: string) =>
  encoded(encoding)(`${'?'.repeat(by)}${text}>>>`);
const percent = (text: string) => text.replace(/./g, (character) => `%${character.charCodeAt(0).toString(16)}`);

const SABOTAGE: Readonly<Record<string, (text: string) => string | Buffer>> = {
  plain: (text) => text,
  'within a line': (text) => `level=info key=${text} status=200\n`,
  'its last 30 characters': (text) => text.slice(-30),
  'its first 12 characters': (text) => text.slice(0, 12),
  reversed: (text) => [...text].reverse().join(''),
  'base64, at the start': shifted('base64', 0),
  'base64, one byte in': shifted('base64', 1),
  'base64, two bytes in': shifted('base64', 2),
  'base64, many bytes in': shifted('base64', 100),
  'base64url, at the start': shifted('base64url', 0),
  'base64url, one byte in': shifted('base64url', 1),
  'base64url, two bytes in': shifted('base64url', 2),
  'base64 of a part': (text) => shifted('base64', 1)(text.slice(0, 13)),
  hex: encoded('hex'),
  'upper-case hex': (text) => encoded('hex')(text).toUpperCase(),
  'URL-encoded': percent,
  'upper-case URL-encoded': (text) => percent(text).toUpperCase(),
  'as a query': (text) => new URLSearchParams({ key: text }).toString(),
  'as JSON': (text) => JSON.stringify({ key: [text] }),
  'as JSON escapes': (text) => text.replace(/./g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  'UTF-16, little-endian': (text) => Buffer.from(text, 'utf16le'),
  'UTF-16, big-endian': (text) => Buffer.from(text, 'utf16le').swap16(),
};

it.for(Object.entries(SABOTAGE))('the search finds a key that was written down: %s', async ([, write]) => {
  const project = temporaryProject();
  const secret = newPlaintext();
  const around = crypto.getRandomValues(Buffer.alloc(5000));
  project.write('deep/below/clean.db', around.toString('latin1'));
  writeFileSync(project.path('dump'), Buffer.concat([around, Buffer.from(write(secret)), around]));
  const written = filesBelow(project.home);
  expect(findings(written, formsOf(secret)).map((found) => found.split(':')[0])).toContain('app/dump');
  expect(findings(new Map([...written].filter(([place]) => place !== 'app/dump')), formsOf(secret))).toEqual([]);
  expect(findings(written, formsOf(newPlaintext()))).toEqual([]);
});

it('the search takes the start of a key, which may be shown, for no finding', () => {
  const secret = newPlaintext();
  const shown = Buffer.from(`${secret.slice(0, 8)}•••••••• ${encoded('base64')(secret.slice(0, 8))}`);
  expect(findings(new Map([['list', shown]]), formsOf(secret))).toEqual([]);
});

it.for(['hex', 'base64url', 'latin1'] as const)('the search finds the hash of a key: %s', (encoding) => {
  const secret = newPlaintext();
  const digest = Buffer.from(hashSecret(secret), 'hex').toString(encoding);
  const written = new Map([['log', Buffer.from(`key ${digest} made`, encoding === 'latin1' ? 'latin1' : 'utf8')]]);
  expect(findings(written, hashFormsOf(secret))).toHaveLength(1);
  expect(findings(written, hashFormsOf(newPlaintext()))).toEqual([]);
});

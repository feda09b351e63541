import { expect, test } from 'vitest';
import { aKey, aProfile, aSecret } from '../../test/key-builder.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { type KnownSecret, knownSecret } from './known-key.ts';
import { SecretTable } from './secret-table.ts';

const key = aKey();
const { id, name, version } = key;
const known = { id, name, version, profile: aProfile(), ownLimitPerMinute: null, window: { used: 0, endsAt: 0 } };
const secretOf = (hash: string): KnownSecret => knownSecret(key, aSecret({ hash }), known);
const fillRandom = seededRandom(3);
const newHash = () => Buffer.from(fillRandom(new Uint8Array(32))).toString('hex');

test('finds each of many secrets by its hash, and nothing by a hash that none has', () => {
  const table = new SecretTable();
  const secrets = Array.from({ length: 5_000 }, () => secretOf(newHash()));
  for (const secret of secrets) table.set(secret);
  expect(secrets.filter((secret) => table.get(secret.hash) !== secret)).toEqual([]);
  expect(Array.from({ length: 5_000 }, () => table.get(newHash())).filter((found) => found !== undefined)).toEqual([]);
});

test('compares whole hashes: those that begin alike, or differ in one digit only, are told apart', () => {
  const table = new SecretTable();
  const hash = newHash();
  const digits = Array.from({ length: 64 }, (_, index) => index);
  const other = (index: number) => hash.slice(0, index) + (hash[index] === '0' ? '1' : '0') + hash.slice(index + 1);
  table.set(secretOf(hash));
  for (const index of digits) expect(table.get(other(index))).toBeUndefined();
  for (const index of digits) table.set(secretOf(other(index)));
  for (const index of digits) expect(table.get(other(index))?.hash).toBe(other(index));
  expect(table.get(hash)?.hash).toBe(hash);
});

test('a secret that is set again is replaced, before and after the table has grown', () => {
  const table = new SecretTable();
  const hashes = Array.from({ length: 3_000 }, newHash);
  for (const hash of hashes) table.set(secretOf(hash));
  const again = hashes.map(secretOf);
  for (const secret of again) table.set(secret);
  expect(again.every((secret) => table.get(secret.hash) === secret)).toBe(true);
});

test.each(['', 'a', 'zzzzzzzz', 'ÿ'.repeat(64), 'A'.repeat(64)])('what is no hash finds nothing: %j', (text) => {
  const table = new SecretTable();
  for (let number = 0; number < 600; number++) table.set(secretOf(newHash()));
  expect(table.get(text)).toBeUndefined();
});

test('hashes that somebody chose alike are found, and slow down nobody', () => {
  const table = new SecretTable();
  const alike = Array.from({ length: 20_000 }, () => secretOf(`00000000${newHash().slice(8)}`));
  const others = Array.from({ length: 5_000 }, () => secretOf(newHash()));
  for (const secret of [...alike, ...others]) table.set(secret);
  const again = secretOf(alike.at(-1)?.hash ?? '');
  table.set(again);
  expect([...alike.slice(0, -1), again, ...others].every((secret) => table.get(secret.hash) === secret)).toBe(true);
  expect(table.get(`00000000${newHash().slice(8)}`)).toBeUndefined();
});

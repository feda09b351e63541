import { describe, expect, it } from 'vitest';
import { mintedKey } from '../../test/minted-key.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { createOutkitProxy } from './proxy.ts';

const key = mintedKey(seededRandom(3)).plaintext;
const authorize = () => true;
const create = (options: object | undefined) => () => createOutkitProxy(options as never);

describe('createOutkitProxy refuses', () => {
  it.each([undefined, {}, { authorize: true }, { authorise: authorize }])(
    '%j: who may render is not said',
    (options) => {
      expect(create(options)).toThrow(/^createOutkitProxy needs authorize: .*createOutkitProxy\(\{ authorize: /);
    },
  );

  it.each([
    'http://renderer.example',
    'http://127.0.0.1.example',
    'http://localhost.example:4680',
    'http://[::2]',
    'http://0.0.0.0:4680',
    'https://user@renderer.example',
    'https://user:password@renderer.example',
    'https://renderer.example/v1',
    'https://renderer.example?a',
    'https://renderer.example#a',
    'https://renderer.example\\@evil.example',
    'https://renderer.example\n',
    ' https://renderer.example',
    'ftp://renderer.example',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'renderer.example',
    '',
    `https://${'a'.repeat(2048)}.example`,
    7,
    null,
  ])('the server %j', (apiUrl) => {
    expect(create({ authorize, apiUrl })).toThrow(/^apiUrl must be https:/);
  });

  it.each(['', `${key} `, key.slice(1), `okx_${key.slice(4)}`, 7, null, { toString: () => key }])(
    'a key that is none, without showing it',
    (wrong) => {
      expect(create({ authorize, key: wrong })).toThrow(/^key must be an Outkit key \(okd_/);
      expect(create({ authorize, key: wrong })).not.toThrow(new RegExp(key.slice(9)));
    },
  );

  it.each([
    ['timeoutMs', [0, -1, 1.5, Number.NaN, 300_001, Number.POSITIVE_INFINITY, '5', null]],
    ['maxBytes', [0, -1, 1.5, Number.NaN, 64 * 1024 * 1024 + 1, Number.POSITIVE_INFINITY, '5', null]],
  ])('%s out of its bounds', (name, values) => {
    for (const value of values) expect(create({ authorize, [name]: value })).toThrow(`${name} must be a whole number`);
  });
});

describe('createOutkitProxy takes', () => {
  it.each([
    'https://renderer.example',
    'https://renderer.example/',
    'https://renderer.example:8443',
    'http://localhost:4680',
    'http://127.0.0.1:4680',
    'http://127.1:4680',
    'http://[::1]:4680',
  ])('the server %s', (apiUrl) => {
    expect(create({ authorize, apiUrl, key, timeoutMs: 300_000, maxBytes: 64 * 1024 * 1024 })).not.toThrow();
  });
});

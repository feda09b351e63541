import { expect, test } from 'vitest';
import { readRedisAddress } from './redis-address.ts';

test('A URL says where, as whom, which database and whether encrypted', () => {
  expect(readRedisAddress('rediss://outkit:p%40ss%2Fword@redis.example.com:6380/3')).toEqual({
    host: 'redis.example.com',
    port: 6380,
    isEncrypted: true,
    username: 'outkit',
    password: 'p@ss/word',
    database: 3,
  });
  expect(readRedisAddress('redis://:word@[::1]')).toEqual({
    host: '::1',
    port: 6379,
    isEncrypted: false,
    username: null,
    password: 'word',
    database: 0,
  });
});

test.each([
  'redis://localhost',
  'redis://127.0.0.1:6379',
  'redis://10.1.2.3',
  'redis://172.31.0.1',
  'redis://192.168.1.1',
  'redis://[fd12::1]',
  'redis://redis',
  'redis://redis-primary.cache.svc.cluster.local',
  'redis://redis.prod.internal',
  'rediss://redis.example.com',
  'rediss://203.0.113.7',
])('%s may be used', (url) => {
  expect(() => readRedisAddress(url)).not.toThrow();
});

test.each([
  ['without encryption to a public name', 'redis://u:a-password@redis.example.com'],
  ['without encryption to a public address', 'redis://u:a-password@203.0.113.7'],
  ['without encryption to a public IPv6 address', 'redis://u:a-password@[2001:db8::1]'],
  ['without encryption to a public address behind an IPv6 one', 'redis://u:a-password@[::ffff:203.0.113.7]'],
  ['without encryption to an address that is written as one number', 'redis://u:a-password@3405803783'],
  ['without encryption to an address in hexadecimal', 'redis://u:a-password@0xcb007107'],
  ['with a name that hides a dot', 'redis://u:a-password@redis%2eexample%2ecom'],
  ['with a parameter', 'rediss://u:a-password@redis.example.com?family=6'],
  ['with a database that is no number', 'rediss://u:a-password@redis.example.com/cache'],
  ['with a password that cannot be decoded', 'rediss://u:a-password%E0%A4%A@redis.example.com'],
  ['without a host', 'redis://'],
  ['of something else', 'https://u:a-password@redis.example.com'],
  ['that is none', 'redis.example.com:6379 a-password'],
])('A URL %s is refused without being quoted', (_what, url) => {
  let refused: unknown;
  try {
    readRedisAddress(url);
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: 'invalid_config' });
  expect(JSON.stringify(refused) + String(refused)).not.toMatch(/a-password|example|203|cb00/);
});

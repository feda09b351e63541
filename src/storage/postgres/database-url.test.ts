import { expect, test } from 'vitest';
import { checkDatabaseUrl } from './database-url.ts';

test.each([
  'postgres://outkit@db.example.com:5432/outkit',
  'postgresql://outkit:secret@db.example.com/outkit?sslmode=verify-full&sslrootcert=/etc/outkit/ca.pem',
  'postgres:///outkit?host=/var/run/postgresql',
])('%s may be used', (url) => {
  expect(() => checkDatabaseUrl(url)).not.toThrow();
});

test.each([
  'postgres:nothing',
  'mysql://outkit@db.example.com/outkit',
  'postgres://outkit:a-password@db.example.com:port/outkit',
  'postgres://outkit:a-password@db.example.com/outkit?options=-c%20synchronous_commit%3Doff',
  'postgres://outkit:a-password@db.example.com/outkit?statement_timeout=0',
])('%s is refused without being quoted', (url) => {
  let refused: unknown;
  try {
    checkDatabaseUrl(url);
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: 'invalid_config' });
  expect(String(refused)).not.toMatch(/a-password|example/);
});

import { expect, test } from 'vitest';
import { refusalOf, type ServerFacts } from './server-check.ts';

const FIT: ServerFacts = {
  version: 150_020,
  is_standby: false,
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  encoding: 'UTF8',
  pid: 4_711,
};

test('a primary that keeps what it commits may keep keys', () => {
  expect(refusalOf(FIT, FIT.pid)).toBeNull();
  expect(refusalOf({ ...FIT, version: 180_001 }, FIT.pid)).toBeNull();
});

test.each([
  ['is too old', { version: 149_999 }],
  ['is a standby', { is_standby: true }],
  ['has fsync off', { fsync: 'off' }],
  ['has full_page_writes off', { full_page_writes: 'off' }],
  ['has synchronous_commit off', { synchronous_commit: 'off' }],
  ['has synchronous_commit off', { synchronous_commit: 'local' }],
  ['is not encoded in UTF8', { encoding: 'LATIN1' }],
  ['connection pooler', { pid: 1 }],
])('a server that %s is refused, in one line that says what to do', (why, facts) => {
  const refused = refusalOf({ ...FIT, ...facts }, FIT.pid);
  expect(refused).toMatchObject({ code: 'database_server', message: expect.stringContaining(why) });
  expect(refused?.message).not.toContain('\n');
  expect(refused?.hint).toMatch(/\S/);
});

test('a connection that was greeted by nobody is refused', () => {
  expect(refusalOf(FIT, null)).toMatchObject({ code: 'database_server' });
});

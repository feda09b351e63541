import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { credentialOf } from '../people.fixture.ts';
import { openKeychain } from './keychain.ts';

const SERVER = 'https://one.example';
const CREDENTIAL = credentialOf('first');

/** A keychain whose child is this program; `directory` is its working place. */
function keychainOf(program: (directory: string) => string, timeoutMs = 20_000) {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-keychain-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'child.mjs');
  writeFileSync(path, program(directory));
  return { directory, keychain: openKeychain(process.execPath, path, timeoutMs) };
}

/** Keeps one credential in a file, and writes down its own command line and environment. */
const working = (directory: string) => `
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
const path = ${JSON.stringify(join(directory, 'kept'))};
writeFileSync(path + '.seen', JSON.stringify([process.argv, process.env]));
const { action, credential } = JSON.parse(await text(process.stdin));
if (action === 'write') writeFileSync(path, credential);
if (action === 'remove') rmSync(path, { force: true });
console.log(JSON.stringify({ credential: existsSync(path) ? readFileSync(path, 'utf8') : null }));
`;

it('keeps, gives and removes; the credential is on no command line and in no environment', async () => {
  const { directory, keychain } = keychainOf(working);
  expect(await keychain.read(SERVER)).toBeNull();
  expect(await keychain.write(SERVER, CREDENTIAL)).toBe(true);
  expect(readFileSync(join(directory, 'kept.seen'), 'utf8')).not.toContain(CREDENTIAL);
  expect(await keychain.read(SERVER)).toBe(CREDENTIAL);
  expect(await keychain.remove(SERVER)).toBe(true);
  expect(await keychain.read(SERVER)).toBeNull();
});

it.each([
  ['fails', () => 'process.exit(1)'],
  ['cannot start', () => 'import "no-such-package"'],
  ['answers nonsense', () => 'console.log("{}")'],
  ['answers with what is no credential', () => 'console.log(JSON.stringify({ credential: "hello" }))'],
  [
    'answers and then fails',
    () => `console.log(JSON.stringify({ credential: "${CREDENTIAL}" })); process.exitCode = 3`,
  ],
])('has failed when its process %s', async (_, program) => {
  const { keychain } = keychainOf(program);
  expect(await keychain.read(SERVER)).toBe('failed');
  expect(await keychain.write(SERVER, CREDENTIAL)).toBe(false);
  expect(await keychain.remove(SERVER)).toBe(false);
});

it('has failed when it does not have what was written to it', async () => {
  const { keychain } = keychainOf(() => `console.log(JSON.stringify({ credential: null }))`);
  expect(await keychain.write(SERVER, CREDENTIAL)).toBe(false);
});

it('that hangs is killed, also when it does not want to be', async () => {
  const hanging = (directory: string) => `
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => {});
writeFileSync(${JSON.stringify(join(directory, 'pid'))}, String(process.pid));
setInterval(() => {}, 1000);
`;
  const { directory, keychain } = keychainOf(hanging, 1500);
  expect(await keychain.read(SERVER)).toBe('failed');
  expect(existsSync(join(directory, 'pid'))).toBe(true);
  const pid = Number(readFileSync(join(directory, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('of a machine without one has failed, with the real program too', async () => {
  const path = join(import.meta.dirname, 'keychain-child.ts');
  const env = join(tmpdir(), 'no-such-bus');
  const node = process.execPath;
  const before = process.env['DBUS_SESSION_BUS_ADDRESS'];
  process.env['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${env}`;
  onTestFinished(() => {
    if (before === undefined) delete process.env['DBUS_SESSION_BUS_ADDRESS'];
    else process.env['DBUS_SESSION_BUS_ADDRESS'] = before;
  });
  expect(await openKeychain(node, path, 20_000).write(SERVER, CREDENTIAL)).toBe(process.platform !== 'linux');
});

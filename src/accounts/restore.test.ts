import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { AccountSession } from '../core/accounts.ts';
import { backUp } from '../storage/sqlite/back-up.ts';
import { prepareRestore } from '../storage/sqlite/restore.ts';
import { AT, ORIGIN, PASSWORD, useAccounts } from './accounts.fixture.ts';

const t = useAccounts();

let session: AccountSession;
let credential: string;
let deviceCode: string;
beforeEach(async () => {
  const person = await t.addPerson();
  ({ session, credential } = await t.accounts.startSession(person.id, ORIGIN));
  const asked = await t.accounts.devices.request(ORIGIN);
  await t.accounts.devices.answer(asked.userCode, session, true);
  deviceCode = asked.deviceCode;
});

const backup = () => join(t.root, 'backup.db');
const makeBackup = () => backUp({ directory: t.directory, file: backup(), onCopying: () => {} });

async function restore(directory = t.directory): Promise<void> {
  await t.close();
  const prepared = await prepareRestore({ file: backup(), directory, now: AT, discardCurrent: false });
  prepared.commit();
  prepared.abandon();
  t.directory = directory;
  await t.open(9);
}

test('a restore revives no session and no device that was let in, and everybody signs in again', async () => {
  await makeBackup();
  await t.accounts.endSessions(session.personId, null);
  await restore();
  expect(await t.accounts.findSession(credential)).toBeNull();
  expect(await t.accounts.listSessions(session.personId)).toEqual([]);
  expect(await t.accounts.devices.redeem(deviceCode)).toEqual({ kind: 'invalid_grant' });
  expect(await t.accounts.checkPassword('ada@example.com', PASSWORD)).not.toBeNull();
});

test('a restore brings back no password that was changed since the backup', async () => {
  await makeBackup();
  await t.accounts.setPassword(session.personId, 'the newer password');
  await restore();
  expect(await t.accounts.checkPassword('ada@example.com', PASSWORD)).toBeNull();
  expect(await t.accounts.checkPassword('ada@example.com', 'the newer password')).not.toBeNull();
});

test('where there was no database, people have the passwords of the backup and sign in again', async () => {
  await makeBackup();
  await restore(join(t.root, 'elsewhere'));
  expect(await t.accounts.findSession(credential)).toBeNull();
  expect(await t.accounts.checkPassword('ada@example.com', PASSWORD)).not.toBeNull();
});

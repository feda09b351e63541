import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AT, ORIGIN, PASSWORD, useAccounts } from './accounts.fixture.ts';

const t = useAccounts();
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: AT }));
afterEach(() => void vi.useRealTimers());

const filesWith = (text: string) =>
  readdirSync(t.directory).filter((name) => readFileSync(join(t.directory, name)).includes(text));

test('after a whole life no file has a password, a credential or a device code in it', async () => {
  const person = await t.addPerson();
  await t.accounts.setPassword(person.id, 'the second password');
  await t.accounts.checkPassword(person.email, 'a wrong password');
  const { credential, session } = await t.accounts.startSession(person.id, ORIGIN);
  const { deviceCode, userCode } = await t.accounts.devices.request(ORIGIN);
  await t.accounts.devices.answer(userCode, session, true);
  expect((await t.accounts.devices.redeem(deviceCode)).kind).toBe('approved');
  await t.accounts.findSession(credential);

  const secrets = [PASSWORD, 'the second password', 'a wrong password', credential, deviceCode];
  const inFiles = () => {
    // Proves that the search finds what is there.
    expect(filesWith(person.email).length).toBeGreaterThan(0);
    return secrets.flatMap((secret) => [secret, secret.replace(/^okd?[cs]+_/, '')]).flatMap(filesWith);
  };
  expect(inFiles()).toEqual([]);
  await t.accounts.endSessions(person.id, null);
  await t.close();
  expect(inFiles()).toEqual([]);
  expect(t.problems).toEqual([]);
});

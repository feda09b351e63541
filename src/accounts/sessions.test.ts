import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { DAY_MS } from '../core/clock.ts';
import { AT, ORIGIN, useAccounts } from './accounts.fixture.ts';

const t = useAccounts();

const started = async (email = 'ada@example.com') =>
  t.accounts.startSession((await t.addPerson(email, null)).id, ORIGIN);

test('a session is found by its credential, with its person, and by nothing else', async () => {
  const { credential, session } = await started();
  const person = await t.accounts.findPersonByEmail('ada@example.com');
  expect(credential).toMatch(/^okt_[A-Za-z0-9_-]{43}$/);
  expect(session).toEqual({
    id: expect.stringMatching(/^session_[2-9a-kmnp-z]{16}$/),
    personId: person?.id,
    createdAt: AT,
    usedAt: AT,
    expiresAt: AT + 30 * DAY_MS,
    ...ORIGIN,
  });
  expect(await t.accounts.findSession(credential)).toEqual({ session, person });
  const wrong = credential.slice(0, -1) + (credential.endsWith('A') ? 'B' : 'A');
  for (const other of [wrong, '', session.id, credential.toUpperCase()]) {
    expect(await t.accounts.findSession(other)).toBeNull();
  }
});

test('what the database has of a credential works as none', async () => {
  const { session } = await started();
  const database = new DatabaseSync(`${t.directory}/outkit.db`, { readOnly: true });
  const row = database.prepare('select token from auth_session where id = ?').get(session.id);
  database.close();
  expect(row?.['token']).toMatch(/^[0-9a-f]{64}$/);
  expect(await t.accounts.findSession(String(row?.['token']))).toBeNull();
});

test('a session that is not used ends after 30 days, to the millisecond', async () => {
  const { credential } = await started();
  t.now = AT + 30 * DAY_MS;
  expect(await t.accounts.findSession(credential)).toBeNull();
  t.now -= 1;
  expect(await t.accounts.findSession(credential)).not.toBeNull();
});

test('a session in use is extended once a day, and ends 180 days after its start', async () => {
  const { credential } = await started();
  const at = async (day: number) => {
    t.now = AT + day * DAY_MS;
    const found = await t.accounts.findSession(credential);
    return found && [found.session.usedAt, found.session.expiresAt].map((time) => (time - AT) / DAY_MS);
  };
  expect(await at(0.9)).toEqual([0, 30]);
  expect(await at(1)).toEqual([1, 31]);
  expect(await at(1.9)).toEqual([1, 31]);
  for (let day = 20; day < 160; day += 20) expect(await at(day)).toEqual([day, Math.min(day + 30, 180)]);
  expect(await at(160)).toEqual([160, 180]);
  expect(await at(179.9)).toEqual([179.9, 180]);
  expect(await at(180)).toBeNull();
});

test('sessions are listed newest first, without those that have expired and those of others', async () => {
  const { session: old } = await started();
  const { session: of } = await started('bob@example.com');
  t.now = AT + 10 * DAY_MS;
  const { session: newer } = await t.accounts.startSession(old.personId, ORIGIN);
  expect(await t.accounts.listSessions(old.personId)).toEqual([newer, old]);
  expect(await t.accounts.listSessions(of.personId)).toEqual([of]);
  t.now = AT + 30 * DAY_MS;
  expect(await t.accounts.listSessions(old.personId)).toEqual([newer]);
});

test('all sessions of a person are listed, also more than a hundred', async () => {
  const { session } = await started();
  for (let count = 1; count < 120; count++) await t.accounts.startSession(session.personId, ORIGIN);
  expect((await t.accounts.listSessions(session.personId)).length).toBe(120);
});

test('of more than 500 sessions of a person those end that were not used for longest', async () => {
  const bobs = await started('bob@example.com');
  const used = await started();
  const unused = await t.accounts.startSession(used.session.personId, ORIGIN);
  t.now = AT + 2 * DAY_MS;
  await t.accounts.findSession(used.credential);
  for (let count = 2; count < 501; count++) await t.accounts.startSession(used.session.personId, ORIGIN);
  expect(await t.accounts.listSessions(used.session.personId)).toHaveLength(500);
  expect(await t.accounts.findSession(unused.credential)).toBeNull();
  expect(await t.accounts.findSession(used.credential)).not.toBeNull();
  expect(await t.accounts.findSession(bobs.credential)).not.toBeNull();
});

test('ending a session ends that one, for its person only, and once', async () => {
  const mine = await started();
  const other = await t.accounts.startSession(mine.session.personId, ORIGIN);
  const bobs = await started('bob@example.com');
  expect(await t.accounts.endSession(bobs.session.personId, mine.session.id)).toBe(false);
  expect(await t.accounts.findSession(mine.credential)).not.toBeNull();
  expect(await t.accounts.endSession(mine.session.personId, mine.session.id)).toBe(true);
  expect(await t.accounts.endSession(mine.session.personId, mine.session.id)).toBe(false);
  expect(await t.accounts.findSession(mine.credential)).toBeNull();
  expect(await t.accounts.findSession(other.credential)).not.toBeNull();
});

test('ending all but one leaves that one and those of others', async () => {
  const kept = await started();
  const { personId } = kept.session;
  for (let count = 0; count < 3; count++) await t.accounts.startSession(personId, ORIGIN);
  const bobs = await started('bob@example.com');
  expect(await t.accounts.endSessions(personId, kept.session.id)).toBe(3);
  expect(await t.accounts.listSessions(personId)).toEqual([kept.session]);
  expect(await t.accounts.endSessions(personId, null)).toBe(1);
  expect(await t.accounts.findSession(kept.credential)).toBeNull();
  expect(await t.accounts.findSession(bobs.credential)).not.toBeNull();
});

test('a session that is ended while it is being extended stays ended', async () => {
  const { credential, session } = await started();
  t.now = AT + 2 * DAY_MS;
  const finds = [t.accounts.findSession(credential), t.accounts.endSession(session.personId, session.id)];
  await Promise.all(finds);
  expect(await t.accounts.findSession(credential)).toBeNull();
  expect(await t.accounts.listSessions(session.personId)).toEqual([]);
});

test('expired sessions do not pile up: they are removed when the person starts another one', async () => {
  const { session } = await started();
  t.now = AT + 31 * DAY_MS;
  await t.accounts.startSession(session.personId, ORIGIN);
  const database = new DatabaseSync(`${t.directory}/outkit.db`, { readOnly: true });
  expect(database.prepare('select count(*) as number from auth_session').get()).toEqual({ number: 1 });
  database.close();
});

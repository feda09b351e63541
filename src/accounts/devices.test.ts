import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StartedDeviceRequest, StartedSession } from '../core/accounts.ts';
import { HOUR_MS, MINUTE_MS } from '../core/clock.ts';
import { AT, ORIGIN, useAccounts } from './accounts.fixture.ts';

const t = useAccounts();
const TERMINAL = { ip: '198.51.100.9', agent: 'outkit/1.0 linux' };

let signedIn: StartedSession;
let asked: StartedDeviceRequest;
/** Moves our clock and that of the machine, which better-auth takes. */
const wait = (ms: number) => {
  t.now += ms;
  vi.setSystemTime(t.now);
};
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: AT });
  signedIn = await t.accounts.startSession((await t.addPerson('ada@example.com', null)).id, ORIGIN);
  asked = await t.accounts.devices.request(TERMINAL);
});
afterEach(() => void vi.useRealTimers());

const answer = (isApproved = true) => t.accounts.devices.answer(asked.userCode, signedIn.session, isApproved);
const redeem = () => t.accounts.devices.redeem(asked.deviceCode);
const poll = async () => {
  wait(5_000);
  return (await redeem()).kind;
};

function inDatabase(sql: string): unknown[] {
  const database = new DatabaseSync(`${t.directory}/outkit.db`, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

test('a device gets a code for itself and one to type, and the request says from where it came', async () => {
  expect(asked).toEqual({
    deviceCode: expect.stringMatching(/^okdc_[A-Za-z0-9_-]{43}$/),
    userCode: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/),
    expiresInMs: 10 * MINUTE_MS,
    intervalMs: 5_000,
  });
  expect(await t.accounts.devices.find(asked.userCode)).toEqual({
    userCode: asked.userCode,
    requestedAt: AT,
    expiresAt: AT + 10 * MINUTE_MS,
    status: 'pending',
    ...TERMINAL,
  });
});

test('devices that ask at once each get their own code', async () => {
  const origins = Array.from({ length: 10 }, (_, number) => ({ ip: `192.0.2.${number}`, agent: `device ${number}` }));
  const all = await Promise.all(origins.map((origin) => t.accounts.devices.request(origin)));
  expect(new Set(all.map(({ deviceCode }) => deviceCode)).size).toBe(10);
  for (const [number, one] of all.entries()) {
    expect(await t.accounts.devices.find(one.userCode)).toMatchObject({ agent: `device ${number}` });
    await t.accounts.devices.answer(one.userCode, signedIn.session, true);
    expect(await t.accounts.devices.redeem(one.deviceCode)).toMatchObject({ kind: 'approved' });
  }
});

test('the code is found in lower case, with a dash and with spaces, five times and no more', async () => {
  const [first, second] = [asked.userCode.slice(0, 4), asked.userCode.slice(4)];
  const typed = [
    `${first}-${second}`,
    asked.userCode.toLowerCase(),
    ` ${first} ${second} `,
    asked.userCode,
    asked.userCode,
  ];
  for (const code of typed) expect(await t.accounts.devices.find(code)).toMatchObject({ userCode: asked.userCode });
  expect(await t.accounts.devices.find(asked.userCode)).toBeNull();
  expect(await answer()).toBe('not_found');
  expect(await poll()).toBe('authorization_pending');
});

test('tries that come at once are all counted', async () => {
  const found = await Promise.all(Array.from({ length: 9 }, () => t.accounts.devices.find(asked.userCode)));
  expect(found.filter((request) => request !== null).length).toBe(5);
});

test('after approval the device is told once who let it in, and better-auth leaves no session behind', async () => {
  expect(await poll()).toBe('authorization_pending');
  expect(await answer()).toBe('answered');
  expect(await t.accounts.devices.find(asked.userCode)).toMatchObject({ status: 'approved' });
  wait(5_000);
  expect(await redeem()).toEqual({ kind: 'approved', person: await t.accounts.findPerson(signedIn.session.personId) });
  expect(await poll()).toBe('invalid_grant');
  expect((await t.accounts.listSessions(signedIn.session.personId)).length).toBe(1);
});

test('of many polls at once after approval one is let in', async () => {
  await answer();
  wait(5_000);
  const kinds = await Promise.all(Array.from({ length: 8 }, async () => (await redeem()).kind));
  expect(kinds.filter((kind) => kind === 'approved').length).toBe(1);
  expect(['approved', 'slow_down', 'invalid_grant']).toEqual(expect.arrayContaining([...new Set(kinds)]));
  expect((await t.accounts.listSessions(signedIn.session.personId)).length).toBe(1);
});

test('a device that was sent away is told once, and has nothing', async () => {
  expect(await answer(false)).toBe('answered');
  expect(await poll()).toBe('access_denied');
  expect(await poll()).toBe('invalid_grant');
  expect((await t.accounts.listSessions(signedIn.session.personId)).length).toBe(1);
});

test('of approving and denying at once exactly one counts, and a second answer changes nothing', async () => {
  for (const order of [
    [true, false],
    [false, true],
  ]) {
    asked = await t.accounts.devices.request(TERMINAL);
    const answers = await Promise.all(order.map((isApproved) => answer(isApproved)));
    expect(answers.sort()).toEqual(['already_answered', 'answered']);
    const status = (await t.accounts.devices.find(asked.userCode))?.status;
    expect(await answer(true)).toBe('already_answered');
    expect(await answer(false)).toBe('already_answered');
    expect((await t.accounts.devices.find(asked.userCode))?.status).toBe(status);
  }
});

test('polling faster than every 5 s is told to slow down, and never lets in', async () => {
  expect((await redeem()).kind).toBe('authorization_pending');
  await answer();
  wait(4_999);
  expect((await redeem()).kind).toBe('slow_down');
  wait(1);
  expect((await redeem()).kind).toBe('approved');
});

test('after 10 minutes a code is not found, not answered and not redeemed, approved or not', async () => {
  const approved = asked;
  await answer();
  asked = await t.accounts.devices.request(TERMINAL);
  wait(10 * MINUTE_MS - 1);
  expect(await t.accounts.devices.find(asked.userCode)).not.toBeNull();
  wait(1);
  expect(await t.accounts.devices.find(asked.userCode)).toBeNull();
  expect(await answer()).toBe('expired');
  expect((await redeem()).kind).toBe('expired_token');
  expect((await t.accounts.devices.redeem(approved.deviceCode)).kind).toBe('expired_token');
});

test('our clock alone ends a code, even where that of the machine was set back', async () => {
  await answer();
  t.now = AT + 10 * MINUTE_MS;
  expect((await redeem()).kind).toBe('expired_token');
});

test('no code but the whole one of the device is redeemed: not its hash, not the one to type', async () => {
  await answer();
  const [row] = inDatabase('select deviceCode as hash from auth_device_code') as { hash: string }[];
  expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
  for (const code of [row?.hash ?? '', asked.userCode, `okdc_${'A'.repeat(43)}`, asked.deviceCode.slice(0, -1), '']) {
    expect(await t.accounts.devices.redeem(code)).toEqual({ kind: 'invalid_grant' });
  }
});

test('no code that nobody asked for is found or answered', async () => {
  const other = asked.userCode === 'BBBBBBBB' ? 'CCCCCCCC' : 'BBBBBBBB';
  for (const code of [other, '', asked.deviceCode]) {
    expect(await t.accounts.devices.find(code)).toBeNull();
    expect(await t.accounts.devices.answer(code, signedIn.session, true)).toBe('not_found');
  }
});

test('expired requests are removed a few at a time when others are made, an hour later', async () => {
  for (let count = 0; count < 24; count++) await t.accounts.devices.request(TERMINAL);
  const left = () => inDatabase('select id from auth_device_code').length;
  wait(10 * MINUTE_MS + HOUR_MS);
  await t.accounts.devices.request(TERMINAL);
  expect(left()).toBe(26);
  wait(1);
  await t.accounts.devices.request(TERMINAL);
  expect(left()).toBe(7);
  await t.accounts.devices.request(TERMINAL);
  expect(left()).toBe(3);
});

test.for([
  ['that session ends', () => t.accounts.endSession(signedIn.session.personId, signedIn.session.id)],
  ['all sessions of the person end', () => t.accounts.endSessions(signedIn.session.personId, null)],
] as const)('a device that was let in and has not asked since gets nothing once %s', async ([, end]) => {
  const others = await t.accounts.startSession((await t.addPerson('bob@example.com', null)).id, ORIGIN);
  const another = await t.accounts.devices.request(TERMINAL);
  await t.accounts.devices.answer(another.userCode, others.session, true);
  expect(await answer()).toBe('answered');
  await end();
  expect(await poll()).toBe('invalid_grant');
  expect(await t.accounts.devices.redeem(another.deviceCode)).toMatchObject({ kind: 'approved' });
});

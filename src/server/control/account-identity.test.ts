import type { FastifyRequest } from 'fastify';
import { beforeEach, expect, test } from 'vitest';
import type { AccountSession } from '../../core/accounts.ts';
import type { TeamRole } from '../../core/people-store.ts';
import { accountIdentity } from './account-identity.ts';

const PERSON = { id: 'person_a', email: 'ann@example.com', name: 'Ann' };
const SESSION = { id: 'session_a', personId: PERSON.id, createdAt: 1, usedAt: 1, expiresAt: 9, ip: '::1', agent: '' };
const TEAM = { id: 'team_a', name: 'Acme', createdAt: 1 };

let session: AccountSession | null;
let roles: readonly TeamRole[];
let asked: string[];
/** Let the session be found, once it may be. */
let finders: (() => void)[];
let isWaiting: boolean;
beforeEach(() => {
  session = SESSION;
  roles = [{ team: TEAM, role: 'owner' }];
  asked = [];
  finders = [];
  isWaiting = false;
});

function identify() {
  return accountIdentity({
    accounts: {
      async findSession() {
        asked.push('session');
        if (isWaiting) await new Promise<void>((resolve) => finders.push(resolve));
        return session && { session, person: PERSON };
      },
    },
    store: {
      async teamsOf(personId) {
        asked.push(`teams of ${personId}`);
        return roles;
      },
    },
    publicUrl: 'https://outkit.example.com',
  });
}

const request = (token: string) => {
  const authorization = `Bearer ${token}`;
  const raw = { rawHeaders: ['authorization', authorization] };
  return { raw, headers: { authorization }, clientAddress: '192.0.2.7' } as unknown as FastifyRequest;
};
const turn = () => new Promise(setImmediate);

test('of a session that was seen before, the teams are asked for together with it', async () => {
  const find = identify();
  await find(request('one'));
  expect(asked).toEqual(['session', 'teams of person_a']);
  asked = [];
  isWaiting = true;
  const second = find(request('one'));
  await turn();
  expect(asked.sort()).toEqual(['session', 'teams of person_a']);
  for (const found of finders) found();
  expect((await second).roles).toEqual(roles);
  expect(asked).toHaveLength(2);
});

test('another credential waits for its session', async () => {
  const find = identify();
  await find(request('one'));
  asked = [];
  isWaiting = true;
  const second = find(request('two'));
  await turn();
  expect(asked).toEqual(['session']);
  for (const found of finders) found();
  await second;
});

test('a session that has ended, and a role that was taken away, are gone at the next request', async () => {
  const find = identify();
  await find(request('one'));
  roles = [];
  expect((await find(request('one'))).roles).toEqual([]);
  session = null;
  await expect(find(request('one'))).rejects.toMatchObject({ code: 'unauthenticated' });
  asked = [];
  await expect(find(request('one'))).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(asked).toEqual(['session']);
});

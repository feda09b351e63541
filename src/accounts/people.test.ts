import { beforeEach, expect, test, vi } from 'vitest';
import { ORIGIN, PASSWORD, useAccounts } from './accounts.fixture.ts';

const work = vi.hoisted(() => ({ hashed: 0, verified: 0, isAllRight: false }));
vi.mock('better-auth/crypto', async (load) => {
  const real = await load<typeof import('better-auth/crypto')>();
  return {
    ...real,
    hashPassword: (password: string) => {
      work.hashed++;
      return real.hashPassword(password);
    },
    verifyPassword: (asked: { hash: string; password: string }) => {
      work.verified++;
      return work.isAllRight || real.verifyPassword(asked);
    },
  };
});

const t = useAccounts();
beforeEach(() => Object.assign(work, { hashed: 0, verified: 0, isAllRight: false }));

test('a person is found by id and by address in any case, and nobody else is', async () => {
  const person = await t.addPerson('Ada@Example.com');
  expect(person).toEqual({
    id: expect.stringMatching(/^person_[2-9a-kmnp-z]{16}$/),
    email: 'ada@example.com',
    name: 'Ada',
  });
  expect(await t.accounts.findPerson(person.id)).toEqual(person);
  expect(await t.accounts.findPersonByEmail('ADA@example.com')).toEqual(person);
  expect(await t.accounts.findPerson('person_2222222222222222')).toBeNull();
  expect(await t.accounts.findPersonByEmail('bob@example.com')).toBeNull();
});

test('of many people asked for, those that there are come, also more than a hundred', async () => {
  const people = [];
  for (let number = 0; number < 120; number++) people.push(await t.addPerson(`p${number}@example.com`, null));
  const found = await t.accounts.findPeople([...people.map(({ id }) => id), 'person_2222222222222222']);
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(people.map(({ id }) => id)));
  expect(found.length).toBe(120);
  expect(await t.accounts.findPeople([])).toEqual([]);
});

test('of two people with one address that are made at once, one is made', async () => {
  const asked = ['ada@example.com', 'ADA@example.com', 'ada@example.com'];
  const made = await Promise.all(
    asked.map((email, index) =>
      t.accounts.createPerson({ email, name: `Ada ${index}`, password: `password no ${index}` }),
    ),
  );
  const winners = made.filter((person) => person !== null);
  expect(winners.length).toBe(1);
  const right = await Promise.all(
    asked.map((_, index) => t.accounts.checkPassword('ada@example.com', `password no ${index}`)),
  );
  expect(right.filter((person) => person !== null)).toEqual(winners);
});

test('a password is right for its person only, and for no part or case of it', async () => {
  const person = await t.addPerson();
  await t.addPerson('bob@example.com', 'another password');
  expect(await t.accounts.checkPassword('ada@example.com', PASSWORD)).toEqual(person);
  for (const wrong of ['another password', PASSWORD.toUpperCase(), PASSWORD.slice(0, -1), `${PASSWORD} `, '']) {
    expect(await t.accounts.checkPassword('ada@example.com', wrong)).toBeNull();
  }
});

test('checking does the same work for an unknown address, a person without password, and a wrong password', async () => {
  await t.addPerson();
  await t.addPerson('sso@example.com', null);
  for (const email of ['nobody@example.com', 'sso@example.com', 'ada@example.com']) {
    Object.assign(work, { hashed: 0, verified: 0 });
    expect(await t.accounts.checkPassword(email, 'wrong password')).toBeNull();
    expect(work).toMatchObject({ hashed: 0, verified: 1 });
  }
});

test('nobody comes in by the hash that stands in for a missing one, even if a password had it', async () => {
  await t.addPerson('sso@example.com', null);
  work.isAllRight = true;
  for (const email of ['nobody@example.com', 'sso@example.com']) {
    expect(await t.accounts.checkPassword(email, PASSWORD)).toBeNull();
  }
});

test('a new password replaces the old one, and gives one to a person who had none', async () => {
  const ada = await t.addPerson();
  await t.accounts.setPassword(ada.id, 'a new password');
  expect(await t.accounts.checkPassword(ada.email, PASSWORD)).toBeNull();
  expect(await t.accounts.checkPassword(ada.email, 'a new password')).toEqual(ada);
  const sso = await t.addPerson('sso@example.com', null);
  await t.accounts.setPassword(sso.id, 'the first password');
  expect(await t.accounts.checkPassword(sso.email, 'the first password')).toEqual(sso);
});

test('two passwords that are set at once leave one of them right', async () => {
  const sso = await t.addPerson('sso@example.com', null);
  const passwords = ['password one', 'password two'];
  await Promise.all(passwords.map((password) => t.accounts.setPassword(sso.id, password)));
  const right = await Promise.all(passwords.map((password) => t.accounts.checkPassword(sso.email, password)));
  expect(right.filter((person) => person !== null)).toEqual([sso]);
});

test('an identity belongs to one person, of one issuer, and linking it again changes nothing', async () => {
  const [ada, bob] = [await t.addPerson(), await t.addPerson('bob@example.com', null)];
  const identity = { issuer: 'https://id.example', subject: '42' };
  expect(await t.accounts.findPersonByIdentity(identity)).toBeNull();
  await t.accounts.linkIdentity(ada.id, identity);
  await t.accounts.linkIdentity(ada.id, identity);
  await expect(t.accounts.linkIdentity(bob.id, identity)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await t.accounts.findPersonByIdentity(identity)).toEqual(ada);
  expect(await t.accounts.findPersonByIdentity({ ...identity, issuer: 'https://other.example' })).toBeNull();
  await t.accounts.linkIdentity(bob.id, { ...identity, issuer: 'https://other.example' });
});

test('a password is no identity', async () => {
  const ada = await t.addPerson();
  expect(await t.accounts.findPersonByIdentity({ issuer: 'credential', subject: ada.id })).toBeNull();
  await expect(t.accounts.linkIdentity(ada.id, { issuer: 'credential', subject: 'x' })).rejects.toMatchObject({
    code: 'invalid_config',
  });
});

test('a session is for a person that there is', async () => {
  await expect(t.accounts.startSession('person_2222222222222222', ORIGIN)).rejects.toThrow();
});

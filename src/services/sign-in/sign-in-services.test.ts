import { describe, expect, it, vi } from 'vitest';
import { ORIGIN, PASSWORD } from '../../accounts/accounts.fixture.ts';
import { DAY_MS } from '../../core/clock.ts';
import { SETUP, SETUP_TOKEN, useSignIns } from './sign-in.fixture.ts';

const bench = useSignIns();
const ELSEWHERE = { ip: '198.51.100.9', agent: 'curl/8' };

describe('the setup link', () => {
  it('makes one owner of a new team, who is signed in', async () => {
    expect(await bench.signIn.isSetUp()).toBe(false);
    const { person } = await bench.owner();
    expect(person).toMatchObject({ email: 'ada@example.com', name: 'Ada' });
    expect(await bench.t.store.teamsOf(person.id)).toMatchObject([{ team: { name: 'Engines' }, role: 'owner' }]);
    expect(await bench.signIn.isSetUp()).toBe(true);
  });

  it('opens nothing with another token, and nothing once there is an owner', async () => {
    await expect(bench.signIn.setUp({ ...SETUP, token: `${SETUP_TOKEN}x` }, ORIGIN)).rejects.toThrow('not valid');
    await bench.owner();
    await expect(bench.signIn.setUp({ ...SETUP, email: 'eve@example.com' }, ORIGIN)).rejects.toThrow('not valid');
    expect(await bench.t.accounts.findPersonByEmail('eve@example.com')).toBeNull();
  });

  it('lets one in of two who use it at once', async () => {
    const both = await Promise.allSettled([
      bench.signIn.setUp(SETUP, ORIGIN),
      bench.signIn.setUp({ ...SETUP, email: 'eve@example.com' }, ELSEWHERE),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await bench.t.store.findPeople((await bench.team()).id))?.members).toHaveLength(1);
  });

  it('takes over the team of an outkit dev, and stays good when it failed half-way', async () => {
    await bench.t.store.insertTeam({ id: 'team_2222222222222222', name: 'Local', createdAt: 1 });
    vi.spyOn(bench.t.store, 'changePeople').mockRejectedValueOnce(new Error('the disk is full'));
    await expect(bench.signIn.setUp(SETUP, ORIGIN)).rejects.toThrow('disk');
    const { person } = await bench.owner();
    expect(await bench.t.store.teamsOf(person.id)).toMatchObject([{ team: { name: 'Local' }, role: 'owner' }]);
  });

  it('gives an account that is there already a new password, and ends its sessions', async () => {
    const person = await bench.t.addPerson(SETUP.email, 'the password before');
    const before = await bench.t.accounts.startSession(person.id, ELSEWHERE);
    const owner = await bench.owner();
    expect(owner.person.id).toBe(person.id);
    expect(await bench.t.accounts.findSession(before.credential)).toBeNull();
    expect(await bench.t.accounts.checkPassword(SETUP.email, 'the password before')).toBeNull();
  });

  it('ends for an address that guesses', async () => {
    for (let count = 0; count < 10; count += 1) {
      await expect(bench.signIn.setUp({ ...SETUP, token: 'guess' }, ELSEWHERE)).rejects.toThrow('not valid');
    }
    await expect(bench.signIn.setUp(SETUP, ELSEWHERE)).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('signing in', () => {
  it('starts a session that the audit log has before and after', async () => {
    await bench.owner();
    const started = await bench.signIn.signIn('ada@example.com', PASSWORD, ELSEWHERE);
    expect((await bench.who(started)).person.email).toBe('ada@example.com');
    const [announced, outcome] = (await bench.log()).slice(-2);
    expect(announced).toMatchObject({
      action: 'session.start',
      actor: 'ada@example.com',
      ip: ELSEWHERE.ip,
      client: ELSEWHERE.agent,
      after: { method: 'password', outcome: 'pending' },
    });
    expect(outcome).toMatchObject({
      action: 'outcome',
      subjectId: `entry_${announced?.seq}`,
      after: { outcome: 'done' },
    });
    expect(JSON.stringify(await bench.log())).not.toContain(started.credential);
  });

  it('fails in the same words for a wrong password and an unknown address, and leaves no entry', async () => {
    await bench.owner();
    const before = (await bench.log()).length;
    const failures = await Promise.allSettled([
      bench.signIn.signIn('ada@example.com', 'wrong password', ORIGIN),
      bench.signIn.signIn('eve@example.com', 'wrong password', ORIGIN),
    ]);
    const [one, other] = failures.map((failure) => failure.status === 'rejected' && failure.reason);
    expect(one).toMatchObject({ code: 'unauthenticated', message: 'E-mail or password is wrong' });
    expect({ ...one, message: one.message }).toEqual({ ...other, message: other.message });
    expect((await bench.log()).length).toBe(before);
  });

  it.each(['ada@example.com', 'nobody@example.com'])(
    'as %s is refused after five failures from one address',
    async (email) => {
      await bench.owner();
      for (let count = 0; count < 5; count += 1) {
        await expect(bench.signIn.signIn(email, 'wrong password', ORIGIN)).rejects.toThrow('is wrong');
      }
      await expect(bench.signIn.signIn(email, PASSWORD, ORIGIN)).rejects.toMatchObject({ code: 'rate_limited' });
    },
  );

  it('that was turned away because too many sign in at once is no failure', async () => {
    await bench.owner();
    const { promise: crowd, resolve: disperse } = Promise.withResolvers<null>();
    const check = vi.spyOn(bench.t.accounts, 'checkPassword').mockReturnValue(crowd);
    const others = Array.from({ length: 16 }, (_, host) =>
      bench.signIn.signIn(`p${host}@example.com`, 'wrong password', { ip: `192.0.2.${host}`, agent: '' }),
    );
    const settled = Promise.allSettled(others);
    for (let count = 0; count < 6; count += 1) {
      await expect(bench.signIn.signIn('ada@example.com', PASSWORD, ORIGIN)).rejects.toMatchObject({
        code: 'unavailable',
      });
    }
    disperse(null);
    await settled;
    check.mockRestore();
    await bench.signIn.signIn('ada@example.com', PASSWORD, ORIGIN);
  });

  it('is forgiven what came before by the right password', async () => {
    await bench.owner();
    for (let count = 0; count < 12; count += 1) {
      const password = count % 3 === 2 ? PASSWORD : 'wrong password';
      await bench.signIn.signIn('ada@example.com', password, { ip: `192.0.2.${count}`, agent: '' }).catch(() => {});
    }
    await bench.signIn.signIn('ada@example.com', PASSWORD, ORIGIN);
  });
});

describe('an identity elsewhere', () => {
  const identity = { issuer: 'https://id.example', subject: 'ada-1', email: 'Ada@Example.com', isEmailVerified: true };

  it('is linked to the account of its verified address, once, and signs in by itself from then on', async () => {
    const { person } = await bench.owner();
    await bench.signIn.signInBy(identity, ORIGIN);
    const again = await bench.signIn.signInBy({ ...identity, email: 'other@example.com' }, ORIGIN);
    expect((await bench.who(again)).person.id).toBe(person.id);
    expect((await bench.actions()).filter((action) => action === 'person.identity')).toHaveLength(1);
  });

  it.each([
    ['an address that is not verified', { isEmailVerified: false }],
    ['no address', { email: null }],
    ['an address that has neither account nor invitation', { email: 'eve@example.com' }],
  ])('with %s opens nothing and makes nothing', async (_, fields) => {
    await bench.owner();
    await expect(bench.signIn.signInBy({ ...identity, ...fields }, ORIGIN)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(await bench.t.accounts.findPersonByIdentity(identity)).toBeNull();
  });
});

it('an identity with a verified address that is invited is in, without a password, in every team that invites it', async () => {
  const owner = await bench.owner();
  await bench.invited(owner, 'grace@example.com', 'admin');
  const identity = { issuer: 'https://id.example', subject: 'grace-1', email: 'grace@example.com' };
  await expect(bench.signIn.signInBy({ ...identity, isEmailVerified: false }, ORIGIN)).rejects.toThrow('invitation');
  const grace = await bench.who(await bench.signIn.signInBy({ ...identity, isEmailVerified: true }, ORIGIN));
  expect(await bench.t.store.teamsOf(grace.person.id)).toMatchObject([{ role: 'admin' }]);
  expect(await bench.people(owner).listInvitations((await bench.team()).id)).toEqual([]);
  await expect(bench.signIn.signIn('grace@example.com', PASSWORD, ORIGIN)).rejects.toThrow('is wrong');
});

describe('an invitation', () => {
  it('makes the account and the membership with its role, once', async () => {
    const owner = await bench.owner();
    const token = await bench.invited(owner, 'grace@example.com', 'admin');
    expect(await bench.signIn.findInvitation(token, ORIGIN)).toMatchObject({
      teamName: 'Engines',
      email: 'grace@example.com',
      role: 'admin',
      hasAccount: false,
    });
    const grace = await bench.who(
      await bench.signIn.acceptInvitation(token, { name: 'Grace', password: PASSWORD }, ORIGIN),
    );
    expect(await bench.t.store.teamsOf(grace.person.id)).toMatchObject([{ role: 'admin' }]);
    await expect(bench.signIn.findInvitation(token, ORIGIN)).rejects.toMatchObject({ code: 'invitation_ended' });
    expect(await bench.actions()).toEqual(
      expect.arrayContaining(['invitation.create', 'invitation.accept', 'member.add']),
    );
  });

  it.each(['a guess', 'one that is too old', 'one that was revoked'])(
    'that is %s looks like one that never was',
    async (which) => {
      const owner = await bench.owner();
      const token = await bench.invited(owner, 'grace@example.com');
      const [invitation] = await bench.people(owner).listInvitations((await bench.team()).id);
      if (which === 'one that is too old') bench.t.now += 7 * DAY_MS;
      if (which === 'one that was revoked') {
        await bench.people(owner).revokeInvitation((await bench.team()).id, invitation?.id ?? '');
      }
      const account = { name: 'Grace', password: PASSWORD };
      const used = which === 'a guess' ? `${token.slice(0, -1)}_` : token;
      await expect(bench.signIn.acceptInvitation(used, account, ORIGIN)).rejects.toMatchObject({
        code: 'invitation_ended',
        message: 'This invitation was used or revoked, or is too old',
      });
      expect(await bench.t.accounts.findPersonByEmail('grace@example.com')).toBeNull();
    },
  );

  it('that ends while it is accepted leaves no account that its password opens', async () => {
    const owner = await bench.owner();
    const token = await bench.invited(owner, 'grace@example.com');
    const [invitation] = await bench.people(owner).listInvitations((await bench.team()).id);
    const { accounts } = bench.t;
    const create = accounts.createPerson.bind(accounts);
    vi.spyOn(accounts, 'createPerson').mockImplementationOnce(async (person) => {
      const created = await create(person);
      await bench.people(owner).revokeInvitation((await bench.team()).id, invitation?.id ?? '');
      return created;
    });
    const account = { name: 'Mallory', password: PASSWORD };
    await expect(bench.signIn.acceptInvitation(token, account, ORIGIN)).rejects.toMatchObject({
      code: 'invitation_ended',
    });
    expect(await accounts.checkPassword('grace@example.com', PASSWORD)).toBeNull();
  });

  it('for an address with an account takes no new password, and lets only that account join', async () => {
    const owner = await bench.owner();
    await bench.t.addPerson('grace@example.com');
    const eve = await bench.t.addPerson('eve@example.com', null);
    const token = await bench.invited(owner, 'grace@example.com');
    const account = { name: 'Eve', password: 'a password of hers' };
    const before = await bench.log();
    await expect(bench.signIn.acceptInvitation(token, account, ORIGIN)).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(await bench.t.accounts.checkPassword('grace@example.com', PASSWORD)).not.toBeNull();
    expect(await bench.log()).toEqual(before);
    const asEve = await bench.who(await bench.t.accounts.startSession(eve.id, ORIGIN));
    await expect(bench.signIn.acceptInvitationAs(asEve, token)).rejects.toMatchObject({ code: 'forbidden' });
    const asGrace = await bench.who(await bench.signIn.signIn('grace@example.com', PASSWORD, ORIGIN));
    await bench.signIn.acceptInvitationAs(asGrace, token);
    expect(await bench.t.store.teamsOf(asGrace.person.id)).toHaveLength(1);
    expect(await bench.t.store.teamsOf(eve.id)).toHaveLength(0);
  });
});

describe('somebody who made invitations', () => {
  it.each<[string, 'removed' | 'member' | 'admin', readonly string[]]>([
    ['was removed', 'removed', ['by-owner@example.com']],
    ['is a member now', 'member', ['by-owner@example.com']],
    ['is an admin now', 'admin', ['for-member@example.com', 'by-owner@example.com']],
  ])('and %s: those end that they could not make any more, and no others', async (_, become, left) => {
    const owner = await bench.owner();
    const { id } = await bench.team();
    const token = await bench.invited(owner, 'mallory@example.com', 'owner');
    const account = { name: 'Mallory', password: PASSWORD };
    const mallory = await bench.who(await bench.signIn.acceptInvitation(token, account, ORIGIN));
    const kept: string[] = [];
    for (const role of ['owner', 'member'] as const) {
      bench.t.now += 1;
      kept.push(await bench.invited(mallory, `for-${role}@example.com`, role));
    }
    bench.t.now += 1;
    await bench.invited(owner, 'by-owner@example.com', 'owner');
    const people = bench.people(owner);
    if (become === 'removed') await people.remove(id, mallory.person.id);
    else await people.changeRole(id, mallory.person.id, become);
    expect((await people.listInvitations(id)).map(({ email }) => email)).toEqual(left);
    await expect(bench.signIn.acceptInvitation(kept[0] ?? '', account, ORIGIN)).rejects.toMatchObject({
      code: 'invitation_ended',
    });
    const ended = (await bench.log()).filter(({ action }) => action === 'invitation.revoke');
    expect(ended.map(({ actor }) => actor)).toEqual(Array(3 - left.length).fill('ada@example.com'));
  });
});

describe('a password', () => {
  it('is changed by whoever knows it, and ends all other sessions', async () => {
    const here = await bench.owner();
    const there = await bench.signIn.signIn('ada@example.com', PASSWORD, ELSEWHERE);
    await expect(bench.signIn.changePassword(here, 'wrong password', 'a new password')).rejects.toThrow('is wrong');
    await bench.signIn.changePassword(here, PASSWORD, 'a new password');
    expect(await bench.t.accounts.findSession(there.credential)).toBeNull();
    expect(await bench.t.accounts.listSessions(here.person.id)).toHaveLength(1);
    await expect(bench.signIn.signIn('ada@example.com', PASSWORD, ORIGIN)).rejects.toThrow('is wrong');
    await bench.signIn.signIn('ada@example.com', 'a new password', ORIGIN);
    expect(await bench.actions()).toContain('person.password');
  });
});

it('a sign-in with a password that is changed before its session starts gets no session', async () => {
  const here = await bench.owner();
  const announce = bench.t.store.announce.bind(bench.t.store);
  vi.spyOn(bench.t.store, 'announce').mockImplementationOnce(async (...announced) => {
    await bench.signIn.changePassword(here, PASSWORD, 'a new password');
    return announce(...announced);
  });
  await expect(bench.signIn.signIn('ada@example.com', PASSWORD, ELSEWHERE)).rejects.toThrow('is wrong');
  expect(await bench.t.accounts.listSessions(here.person.id)).toHaveLength(1);
  expect((await bench.log()).at(-1)).toMatchObject({ after: { outcome: 'failed' } });
});

describe('a device', () => {
  it('gets a session of whoever let it in, and the audit log has who, and from where', async () => {
    const owner = await bench.owner();
    const { deviceCode, userCode } = await bench.signIn.requestDevice(ELSEWHERE);
    expect(await bench.signIn.findDevice(owner, userCode)).toMatchObject(ELSEWHERE);
    expect(await bench.signIn.answerDevice(owner, userCode, true)).toBe('answered');
    expect(await bench.signIn.answerDevice(owner, userCode, true)).toBe('already_answered');
    const redeemed = await bench.signIn.redeemDevice(deviceCode, ELSEWHERE);
    if (redeemed.kind !== 'started') throw new Error(redeemed.kind);
    expect(await bench.who(redeemed)).toMatchObject({ person: owner.person, session: ELSEWHERE });
    const log = await bench.log();
    expect(log.findLast(({ action }) => action === 'device.approve')).toMatchObject({ session: owner.session.id });
    expect(log.findLast(({ action }) => action === 'session.start')).toMatchObject({
      ip: ELSEWHERE.ip,
      after: { method: 'device' },
    });
  });

  it('that nobody could let in any more is no approval in the audit log', async () => {
    const owner = await bench.owner();
    const { userCode } = await bench.signIn.requestDevice(ELSEWHERE);
    await bench.signIn.answerDevice(owner, userCode, false);
    expect(await bench.signIn.answerDevice(owner, userCode, true)).toBe('already_answered');
    const [approval, outcome] = (await bench.log()).slice(-2);
    expect(approval).toMatchObject({ action: 'device.approve' });
    expect(outcome).toMatchObject({ subjectId: `entry_${approval?.seq}`, after: { outcome: 'failed' } });
  });

  it('of five wrong codes is the last that a person may try for now', async () => {
    const owner = await bench.owner();
    const { userCode } = await bench.signIn.requestDevice(ELSEWHERE);
    for (let count = 0; count < 5; count += 1) {
      await expect(bench.signIn.findDevice(owner, 'BCDFGHJK')).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(bench.signIn.findDevice(owner, userCode)).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

it('signing out ends that session at once', async () => {
  const owner = await bench.owner();
  await bench.me(owner).signOut();
  expect(await bench.t.accounts.listSessions(owner.person.id)).toEqual([]);
  expect(await bench.actions()).toContain('session.end');
});

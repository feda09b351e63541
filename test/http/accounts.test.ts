import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountsServer, PASSWORD, type TestPerson } from '../accounts-server.ts';
import { expectError } from '../expect-error.ts';

let server: AccountsServer;
let owner: TestPerson;
let teamId: string;

beforeAll(async () => {
  server = await AccountsServer.start();
  owner = await server.owner();
  teamId = (await server.as(owner).teams.list())[0]?.id ?? '';
});
afterAll(async () => {
  await server.stop();
});

describe('a server for people', () => {
  it('makes its first owner by the link that it printed, and prints none once it has one', async () => {
    const me = await server.as(owner).me.me();
    expect(me).toMatchObject({
      person: { email: 'olga@example.com', name: 'Olga' },
      session: { ip: '127.0.0.1', agent: 'Browser/1', isCurrent: true },
      teams: [{ id: teamId, name: 'Engines', role: 'owner' }],
    });
    await server.restart();
    expect(server.hasSetupLink).toBe(false);
    expect(await server.as(owner).me.me()).toMatchObject({ person: me.person });
  });

  it('lets somebody in by invitation, with the role of it, at once', async () => {
    const grace = await server.join(owner, teamId, 'grace@example.com', 'member');
    expect((await server.as(grace).me.me()).teams).toMatchObject([{ role: 'member' }]);
    expect(await server.as(grace).people.list(teamId)).toMatchObject([
      { email: 'olga@example.com', role: 'owner' },
      { email: 'grace@example.com', role: 'member' },
    ]);
  });

  it('takes everything from somebody who is removed, on the next request of a session that goes on', async () => {
    const eve = await server.join(owner, teamId, 'eve@example.com', 'admin');
    await server.as(eve).profiles.create({ name: 'Web', plan: 'free', design: {} });
    const { person } = await server.as(eve).me.me();
    await server.as(owner).people.remove(teamId, person?.id ?? '');
    await expectError(server.as(eve).people.list(teamId), 'not_found');
    await expectError(server.as(eve).profiles.list({ includeArchived: false }), 'not_found');
    expect((await server.as(eve).me.me()).teams).toEqual([]);
  });

  it('keeps a role that was changed meanwhile: from then on a demoted admin may not', async () => {
    const dan = await server.join(owner, teamId, 'dan@example.com', 'admin');
    const { person } = await server.as(dan).me.me();
    await server.as(owner).people.changeRole(teamId, person?.id ?? '', 'member');
    await expectError(server.as(dan).profiles.create({ name: 'Web', plan: 'free', design: {} }), 'forbidden');
  });

  it('never leaves a team without an owner, and lets owners be made and ended by owners only', async () => {
    const admin = await server.join(owner, teamId, 'ada@example.com', 'admin');
    const [first] = await server.as(owner).people.list(teamId);
    const id = first?.personId ?? '';
    await expectError(server.as(owner).people.remove(teamId, id), 'last_owner');
    await expectError(server.as(owner).people.changeRole(teamId, id, 'admin'), 'last_owner');
    await expectError(server.as(admin).people.remove(teamId, id), 'forbidden');
    await expectError(server.as(admin).people.invite(teamId, 'x@example.com', 'owner'), 'forbidden');
    await expectError(server.as(owner).people.invite(teamId, 'ada@example.com', 'member'), 'already_member');
  });

  it('ends a session at once when it signs out, and all others when asked to', async () => {
    const [one, two, three] = [
      await server.signIn('ada@example.com'),
      await server.signIn('ada@example.com'),
      await server.signIn('ada@example.com'),
    ];
    await server.as(one).me.signOut();
    await expectError(server.as(one).me.me(), 'unauthenticated');
    expect(await server.as(two).me.endOtherSessions()).toBeGreaterThanOrEqual(1);
    await expectError(server.as(three).me.me(), 'unauthenticated');
    expect(await server.as(two).me.listSessions()).toMatchObject([{ isCurrent: true }]);
  });

  it('writes who did what, by which session, into the audit log of the team, and nothing that opens anything', async () => {
    const page = await fetch(`${server.url}/v1/audit`, { headers: { authorization: `Bearer ${owner.credential}` } });
    const text = await page.text();
    const { data } = JSON.parse(text);
    expect(data.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['session.end', 'session.start', 'member.add', 'invitation.accept', 'invitation.create']),
    );
    expect(data.find(({ action }: { action: string }) => action === 'session.end')).toMatchObject({
      actor: 'ada@example.com',
      session: expect.stringMatching(/^session_/),
      outcome: 'done',
    });
    for (const secret of [owner.credential, PASSWORD, 'okt_', 'oki_']) expect(text).not.toContain(secret);
  });

  it('says nothing in its log that opens anything', () => {
    const log = server.log.join('\n');
    expect(log).toContain('/v1/me');
    expect(log).toContain('/invitation/oki_••••••••');
    for (const secret of [owner.credential.slice(4, 20), PASSWORD, 'setup?token']) {
      expect(log.includes(secret)).toBe(false);
    }
    expect(log.split('\n').filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

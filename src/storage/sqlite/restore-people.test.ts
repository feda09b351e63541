import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { OTHER_TEAM, PROFILE, sampleKey, TEAM } from '../../../test/contract/key-store/samples.ts';
import {
  ADA,
  accepted,
  add,
  become,
  invitationOf,
  memberOf,
  OTHER_OWNER,
  OWNER,
  revokedInvitation,
  withTeams,
} from '../../../test/contract/people-store/samples.ts';
import { verifyChain } from '../../core/audit.ts';
import type { Store } from '../store.ts';
import { directory, inStore, NOW, parent, restored, takeBackup, useDirectories } from './restore.fixture.ts';

useDirectories();

const BOB = memberOf('person_bob', 'admin');
const CAT = memberOf('person_cat', 'admin');

function inDatabase(...statements: readonly string[]): void {
  const database = new DatabaseSync(join(directory, 'outkit.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
}

function rowsOf(query: string, where = directory): unknown[] {
  const database = new DatabaseSync(join(where, 'outkit.db'), { readOnly: true });
  const rows = database.prepare(query).all();
  database.close();
  return rows;
}

/** Two teams, the first with two admins and four invitations, and what `more` adds; and a backup of them. */
async function backedUp(more: () => void = () => {}): Promise<void> {
  await inStore(async (store) => {
    await withTeams({ store });
    await add(store, { members: [BOB, CAT], invitations: [1, 2, 3, 4].map((number) => invitationOf(number)) });
  });
  more();
  await takeBackup();
}

function chainOf(store: Store, teamId = TEAM.id) {
  return store.auditChain(teamId, 0, 1_000);
}

describe('over a database that knows more', () => {
  test('who was removed stays so, roles are the lower of both, and who came since is gone', async () => {
    await backedUp();
    await inStore((store) =>
      become(store, () => ({
        team: { ...TEAM, name: 'Renamed' },
        members: [OWNER, { ...CAT, role: 'member' }, memberOf('person_eve', 'owner')],
      })),
    );
    const { people } = await restored();
    expect(people).toEqual([BOB.personId, CAT.personId]);
    await inStore(async (store) => {
      const after = await store.findPeople(TEAM.id);
      expect(after).toMatchObject({ team: TEAM, members: [OWNER, { ...CAT, role: 'member' }] });
      expect(await store.teamsOf(BOB.personId)).toEqual([]);
      expect(await store.findPeople(OTHER_TEAM.id)).toMatchObject({ members: [OTHER_OWNER] });
    });
  });

  test('an invitation that was accepted or revoked stays so, one that was made since is none, and the others stand', async () => {
    await backedUp();
    const [first, second, third, fourth] = [1, 2, 3, 4].map((number) => invitationOf(number)) as [
      ReturnType<typeof invitationOf>,
      ReturnType<typeof invitationOf>,
      ReturnType<typeof invitationOf>,
      ReturnType<typeof invitationOf>,
    ];
    const after = [accepted(first, 'person_eve'), revokedInvitation(second), third, fourth];
    await inStore((store) => become(store, () => ({ invitations: [...after, invitationOf(5)] })));
    await restored();
    await inStore(async (store) => {
      for (const invitation of after) expect(await store.findInvitation(invitation.tokenHash)).toEqual(invitation);
      expect(await store.findInvitation(invitationOf(5).tokenHash)).toBeNull();
      expect((await store.findPeople(TEAM.id))?.invitations).toEqual([third, fourth]);
    });
  });

  test('all of it is in the audit chain, by the restore', async () => {
    await backedUp();
    await inStore((store) =>
      become(store, ({ invitations }) => ({
        members: [OWNER, { ...CAT, role: 'member' }],
        invitations: invitations.map((it, index) => (index === 0 ? revokedInvitation(it) : it)),
      })),
    );
    await restored();
    await inStore(async (store) => {
      const chain = await chainOf(store);
      expect(await verifyChain(chain)).toMatchObject({ kind: 'intact' });
      const byRestore = chain.filter(({ actor }) => actor === 'restore');
      expect(byRestore.map(({ action, subjectId, at }) => [action, subjectId, at])).toEqual([
        ['invitation.revoke', 'inv_1', NOW],
        ['member.remove', BOB.personId, NOW],
        ['member.role', CAT.personId, NOW],
      ]);
      expect(await store.auditHead(OTHER_TEAM.id)).toMatchObject({ seq: 2 });
    });
  });

  test('a database that is as the backup loses nobody, and nothing of people is logged', async () => {
    await backedUp();
    const before = await inStore((store) => store.findPeople(TEAM.id));
    const { people, sessions } = await restored();
    expect([people, sessions]).toEqual([[], 0]);
    await inStore(async (store) => {
      expect(await store.findPeople(TEAM.id)).toEqual(before);
      expect((await chainOf(store)).filter(({ actor }) => actor === 'restore')).toEqual([]);
    });
  });

  test('a team that was founded since keeps its keys to itself, revoked, and its people are gone', async () => {
    await backedUp();
    const team = { id: 'team_3', name: 'New', createdAt: 4_000 };
    await inStore(async (store) => {
      await store.foundTeam(team, memberOf('person_eve', 'owner', { teamId: team.id }), ADA);
      await store.insertProfile({ ...PROFILE, id: 'prof_9', teamId: team.id }, ADA);
      await store.insertKey(sampleKey(1, { teamId: team.id, profileId: 'prof_9' }), ADA);
    });
    await restored();
    await inStore(async (store) => {
      expect(await store.findPeople(team.id)).toEqual({ team, members: [], invitations: [] });
      expect(await store.findKey(team.id, sampleKey(1).id)).toMatchObject({ revokedAt: NOW });
      expect(await store.listProfiles(TEAM.id)).toEqual([]);
      expect(await verifyChain(await chainOf(store, team.id))).toMatchObject({ kind: 'intact', head: { seq: 3 } });
    });
  });
});

test('a backup that is newer than the database keeps who came after all that the database knows', async () => {
  const old = join(parent, 'old');
  await inStore((store) => withTeams({ store }), old);
  await inStore(async (store) => {
    await withTeams({ store });
    await add(store, { members: [{ ...BOB, since: 2_000 }], invitations: [invitationOf(1)] });
  });
  await takeBackup();
  const newer = await inStore((store) => store.findPeople(TEAM.id));
  await restored({ directory: old });
  expect(await inStore((store) => store.findPeople(TEAM.id), old)).toEqual(newer);
});

describe('accounts', () => {
  const TABLES = [
    'create table auth_user (id text primary key, email text)',
    'create table auth_session (id text primary key, "userId" text references auth_user (id), token text)',
    'create table auth_account (id text primary key, "providerId" text, "accountId" text, "userId" text, password text)',
    'create table auth_verification (id text primary key)',
    'create table auth_device_code (id text primary key)',
  ];
  const ROWS = [
    `insert into auth_user values ('${OWNER.personId}', 'ada@example.com'), ('${BOB.personId}', 'bob@example.com')`,
    `insert into auth_session values ('session_1', '${OWNER.personId}', 'a'), ('session_2', '${OWNER.personId}', 'b')`,
    `insert into auth_account values ('1', 'credential', 'ada', '${OWNER.personId}', 'old hash'),
      ('2', 'credential', 'bob', '${BOB.personId}', 'same hash'), ('3', 'https://id.example', 'ada', '${OWNER.personId}', null)`,
    "insert into auth_verification values ('verification')",
    "insert into auth_device_code values ('device')",
  ];
  const withAccounts = () => inDatabase(...TABLES, ...ROWS);
  const LETS_IN = ['auth_session', 'auth_verification', 'auth_device_code'];

  function rowsThatLetIn(where = directory): unknown[] {
    return LETS_IN.flatMap((table) => rowsOf(`select * from ${table}`, where));
  }

  test('everybody has to sign in again, and a password that was changed since stays so', async () => {
    await backedUp(withAccounts);
    inDatabase(
      "update auth_account set password = 'new hash' where id = '1'",
      `insert into auth_account values ('4', 'credential', 'eve', 'person_eve', 'hash of eve')`,
    );
    const { sessions } = await restored();
    expect(sessions).toBe(2);
    expect(rowsThatLetIn()).toEqual([]);
    expect(rowsOf('select id, password from auth_account order by id')).toEqual([
      { id: '1', password: 'new hash' },
      { id: '2', password: 'same hash' },
      { id: '3', password: null },
    ]);
    expect(rowsOf('select id from auth_user order by id')).toEqual([{ id: OWNER.personId }, { id: BOB.personId }]);
    await inStore(async (store) => {
      const chain = await chainOf(store);
      expect(await verifyChain(chain)).toMatchObject({ kind: 'intact' });
      const byRestore = chain.filter(({ actor }) => actor === 'restore');
      expect(byRestore).toMatchObject([
        { action: 'person.password', subjectKind: 'person', subjectId: OWNER.personId, session: null },
        { action: 'session.end', subjectKind: 'person', subjectId: OWNER.personId, before: { sessions: 2 } },
      ]);
      expect(JSON.stringify(chain)).not.toMatch(/(old|new|same) hash/);
    });
  });

  test('a password that was taken away since is not there any more', async () => {
    await backedUp(withAccounts);
    inDatabase("update auth_account set password = null where id = '1'");
    await restored();
    expect(rowsOf("select password from auth_account where id = '1'")).toEqual([{ password: null }]);
  });

  test('where the database never had accounts, those of the backup are taken, without their sessions', async () => {
    await backedUp(withAccounts);
    inDatabase(
      ...['session', 'account', 'verification', 'device_code', 'user'].map((name) => `drop table auth_${name}`),
    );
    await restored();
    expect(rowsThatLetIn()).toEqual([]);
    expect(rowsOf("select password from auth_account where id = '1'")).toEqual([{ password: 'old hash' }]);
  });

  test.each(['gone', 'damaged'] as const)(
    'where the database is %s, the people of the backup are taken, and have to sign in again',
    async (state) => {
      await backedUp(withAccounts);
      const before = await inStore((store) => store.findPeople(TEAM.id));
      const where = state === 'gone' ? join(parent, 'fresh') : directory;
      if (state === 'damaged') writeFileSync(join(directory, 'outkit.db'), 'x'.repeat(8_192));
      const { people, sessions } = await restored({ directory: where, discardCurrent: state === 'damaged' });
      expect([people, sessions]).toEqual([[], 2]);
      expect(rowsThatLetIn(where)).toEqual([]);
      expect(rowsOf("select password from auth_account where id = '1'", where)).toEqual([{ password: 'old hash' }]);
      await inStore(async (store) => {
        expect(await store.findPeople(TEAM.id)).toEqual(before);
        expect((await chainOf(store)).at(-1)).toMatchObject({ actor: 'restore', action: 'session.end', at: NOW });
      }, where);
    },
  );
});

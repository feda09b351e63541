import { expect, test } from 'vitest';
import { verifyChain } from '../../../src/core/audit.ts';
import { type OpenedStore, withProfiles } from '../key-store/opened-store.ts';
import { AUTHOR, OTHER_TEAM, sampleKey, TEAM } from '../key-store/samples.ts';
import {
  ADA,
  accepted,
  add,
  become,
  invitationOf,
  memberOf,
  OWNER,
  revokedInvitation,
  SESSION,
  withTeams,
} from './samples.ts';

const BOB = memberOf('person_bob', 'member');

export function peopleAuditContract(opened: () => OpenedStore): void {
  test('founding a team is told: the team, then its owner, by whom, with which session', async () => {
    const store = await withTeams(opened());
    const entries = await store.auditChain(TEAM.id, 0, 10);
    expect(entries).toMatchObject([
      { seq: 1, action: 'team.create', subjectKind: 'team', subjectId: TEAM.id, after: { name: TEAM.name } },
      { seq: 2, action: 'member.add', subjectKind: 'member', subjectId: OWNER.personId, after: { role: 'owner' } },
    ]);
    for (const entry of entries) {
      expect(entry).toMatchObject({ actor: 'ada', session: SESSION, profileId: null, before: null, at: 100 });
    }
  });

  test('each thing that differs is one entry, in one change', async () => {
    const store = await withTeams(opened());
    await add(store, { members: [BOB], invitations: [invitationOf(1), invitationOf(2)] });
    const { seq } = await store.auditHead(TEAM.id);
    await become(store, () => ({
      team: { ...TEAM, name: 'Renamed' },
      members: [OWNER, { ...BOB, role: 'admin' }, memberOf('person_eve', 'member')],
      invitations: [accepted(invitationOf(1), 'person_eve'), revokedInvitation(invitationOf(2)), invitationOf(3)],
    }));
    const entries = await store.auditChain(TEAM.id, seq, 10);
    expect(entries.map(({ action, subjectId }) => [action, subjectId])).toEqual([
      ['team.rename', TEAM.id],
      ['invitation.accept', 'inv_1'],
      ['invitation.revoke', 'inv_2'],
      ['invitation.create', 'inv_3'],
      ['member.role', 'person_bob'],
      ['member.add', 'person_eve'],
    ]);
    expect(new Set(entries.map(({ at }) => at))).toEqual(new Set([300]));
  });

  test('the hash of a token is in no entry', async () => {
    const store = await withTeams(opened());
    await add(store, { invitations: [invitationOf(1)] });
    await become(store, () => ({ invitations: [accepted(invitationOf(1), 'person_bob')] }));
    expect(JSON.stringify(await store.auditChain(TEAM.id, 0, 100))).not.toContain(invitationOf(1).tokenHash);
  });

  test('what changes nothing of people appends nothing', async () => {
    const store = await withTeams(opened());
    await add(store, { invitations: [invitationOf(1)] });
    const heads = () => Promise.all([TEAM, OTHER_TEAM].map(({ id }) => store.auditHead(id)));
    const before = await heads();
    await become(store, ({ members }) => ({ members: members.map((member) => ({ ...member })) }));
    await store.changePeople(TEAM.id, ADA, () => ({ people: null, result: null }));
    await store.changePeople('team_9', ADA, () => ({ people: null, result: null }));
    await add(store, { invitations: [invitationOf(2, { tokenHash: invitationOf(1).tokenHash })] }).catch(() => {});
    await store.foundTeam(TEAM, OWNER, ADA).catch(() => {});
    expect(await heads()).toEqual(before);
  });

  test('changes of people, keys and profiles of a team make one chain, also after it was opened again', async () => {
    const { store, reopen } = opened();
    await withProfiles({ store });
    await add(store, { members: [OWNER] });
    await store.insertKey(sampleKey(1), AUTHOR);
    await add(store, { invitations: [invitationOf(1)] });
    await store.settle(await store.announce([TEAM.id], ADA, SIGNED_IN), ADA, 'done');
    const again = reopen === undefined ? store : await reopen();
    await become(again, ({ invitations }) => ({ invitations: invitations.map((it) => revokedInvitation(it)) }));
    const finding = await verifyChain(await again.auditChain(TEAM.id, 0, 100));
    expect(finding).toEqual({ kind: 'intact', head: await again.auditHead(TEAM.id) });
    expect(finding).toMatchObject({ head: { seq: 8 } });
  });
}

const SIGNED_IN = {
  action: 'session.start',
  subjectKind: 'session',
  subjectId: SESSION,
  profileId: null,
  before: null,
  after: { agent: 'Firefox' },
} as const;

import { expect, test } from 'vitest';
import type { AuditedChange } from '../../../src/core/audit.ts';
import type { OpenedStore } from '../key-store/opened-store.ts';
import { OTHER_TEAM, TEAM } from '../key-store/samples.ts';
import { ADA, SESSION, withTeams } from './samples.ts';

const CHANGE: AuditedChange = {
  action: 'person.password',
  subjectKind: 'person',
  subjectId: 'person_ada',
  profileId: null,
  before: null,
  after: { sessionsEnded: 2 },
};
const BOTH = [TEAM.id, OTHER_TEAM.id];
const ALL = { since: null, subjectId: null, before: null, limit: 100 };

export function announcementContract(opened: () => OpenedStore): void {
  test('what is announced stands in the chain of each team, as pending, before it is done', async () => {
    const store = await withTeams(opened());
    const announcements = await store.announce(BOTH, { ...ADA, at: 700 }, CHANGE);
    expect(announcements).toEqual(BOTH.map((teamId) => ({ teamId, seq: 3 })));
    for (const teamId of BOTH) {
      const [entry] = await store.auditChain(teamId, 2, 10);
      expect(entry).toMatchObject({
        ...CHANGE,
        after: { sessionsEnded: 2, outcome: 'pending' },
        session: SESSION,
        at: 700,
      });
      expect(await store.outcomesOf(teamId, [3])).toEqual(new Map());
    }
    expect(await store.greatestTime()).toBe(700);
  });

  test.each(['done', 'failed'] as const)(
    'that it is %s is told for each team, and found by the entry',
    async (outcome) => {
      const { store, reopen } = opened();
      await withTeams({ store });
      await store.announce([TEAM.id], ADA, CHANGE);
      await store.settle(await store.announce(BOTH, ADA, CHANGE), { ...ADA, at: 800 }, outcome);
      const again = reopen === undefined ? store : await reopen();
      expect(await again.outcomesOf(TEAM.id, [1, 2, 3, 4, 5, 99])).toEqual(new Map([[4, outcome]]));
      expect(await again.outcomesOf(OTHER_TEAM.id, [3, 4])).toEqual(new Map([[3, outcome]]));
      expect(await again.outcomesOf(TEAM.id, [])).toEqual(new Map());
      expect(await again.outcomesOf('team_9', [4])).toEqual(new Map());
      const told = {
        action: 'outcome',
        subjectKind: 'entry',
        subjectId: 'entry_4',
        profileId: null,
        after: { outcome },
      };
      expect(await again.auditChain(TEAM.id, 4, 10)).toMatchObject([{ ...told, seq: 5, at: 800 }]);
    },
  );

  test('how it went is in the chain, and not in the list, which tells it with the entry that it is of', async () => {
    const store = await withTeams(opened());
    await store.settle(await store.announce([TEAM.id], ADA, CHANGE), ADA, 'done');
    await store.announce([TEAM.id], ADA, CHANGE);
    const listed = await store.listAudit(TEAM.id, ALL);
    expect(listed.map(({ seq }) => seq)).toEqual([5, 3, 2, 1]);
    expect((await store.listAudit(TEAM.id, { ...ALL, limit: 2 })).map(({ seq }) => seq)).toEqual([5, 3]);
    expect(await store.listAudit(TEAM.id, { ...ALL, subjectId: 'entry_3' })).toEqual([]);
    expect(await store.auditChain(TEAM.id, 0, 100)).toHaveLength(5);
  });

  test('outcomes of many entries are told apart', async () => {
    const store = await withTeams(opened());
    for (let number = 0; number < 12; number++) {
      await store.settle(await store.announce([TEAM.id], ADA, CHANGE), ADA, number % 2 === 0 ? 'done' : 'failed');
    }
    const seqs = Array.from({ length: 12 }, (_, number) => 3 + 2 * number);
    const outcomes = await store.outcomesOf(TEAM.id, [...seqs, 1, 4, 30]);
    expect([...outcomes].sort(([left], [right]) => left - right)).toEqual(
      seqs.map((seq, number) => [seq, number % 2 === 0 ? 'done' : 'failed']),
    );
  });

  test('nothing is announced or settled when one of the teams is not there, and nothing for no team', async () => {
    const store = await withTeams(opened());
    await expect(store.announce([TEAM.id, 'team_9'], ADA, CHANGE)).rejects.toThrow();
    const settled = [TEAM.id, 'team_9'].map((teamId) => ({ teamId, seq: 1 }));
    await expect(store.settle(settled, ADA, 'done')).rejects.toThrow();
    expect(await store.announce([], ADA, CHANGE)).toEqual([]);
    await store.settle([], ADA, 'done');
    expect((await store.auditHead(TEAM.id)).seq).toBe(2);
  });
}

import { expect, test } from 'vitest';
import { EMPTY_CHAIN, verifyChain } from '../../../src/core/audit.ts';
import type { AuditQuery, KeyStore } from '../../../src/core/key-store.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import { AUTHOR, ODD_TEXTS, OTHER_TEAM, PROFILE, revoked, sampleKey, sampleSecret, TEAM } from './samples.ts';

const ALL: AuditQuery = { since: null, subjectId: null, before: null, limit: 100 };

export function auditContract(opened: () => OpenedStore): void {
  const seqsOf = async (store: KeyStore, query: Partial<AuditQuery> = {}, teamId = TEAM.id) =>
    (await store.listAudit(teamId, { ...ALL, ...query })).map(({ seq }) => seq);
  const change = (store: KeyStore, at: number) =>
    store.change(TEAM.id, 'key_0001', { ...AUTHOR, at }, (key) => ({ key: revoked(key, 2_000), result: null }));

  test('a change is one entry: who, with what, from where, when, and what differs', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    await change(store, 3_000);
    const [entry] = await store.listAudit(TEAM.id, ALL);
    expect(entry).toMatchObject({ ...AUTHOR, at: 3_000, seq: 4, teamId: TEAM.id, profileId: PROFILE.id });
    expect(entry).toMatchObject({ action: 'key.revoke', subjectKind: 'key', subjectId: 'key_0001' });
    expect(entry).toMatchObject({ before: { revokedAt: null }, after: { revokedAt: '1970-01-01T00:00:02.000Z' } });
    expect(await store.auditHead(TEAM.id)).toEqual({ seq: 4, hash: entry?.hash });
    expect(await store.greatestTime()).toBe(3_000);
  });

  test('the time of an entry is never before one that was persisted', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    await store.persistTime(9_000);
    await change(store, 3_000);
    expect(await store.auditChain(TEAM.id, 3, 1)).toMatchObject([{ seq: 4, at: 9_000 }]);
  });

  test('what changes nothing appends nothing', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const head = await store.auditHead(TEAM.id);
    await store.insertKey(sampleKey(2, { secrets: [sampleSecret(1)] }), AUTHOR);
    await store.insertKey(sampleKey(1), AUTHOR).catch(() => {});
    await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key, result: null }));
    await store.change(OTHER_TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: revoked(key), result: null }));
    const taken = { ...sampleSecret(1), ordinal: 2 };
    await store
      .change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: { ...revoked(key), secrets: [taken] }, result: null }))
      .catch(() => {});
    await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, (profile) => ({ profile: { ...profile }, result: null }));
    await store.persistTime(9_000);
    expect(await store.auditHead(TEAM.id)).toEqual(head);
  });

  test('lists are newest first, since a time, of a subject, before an entry, and cut to the limit', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    await store.insertKey(sampleKey(2, { createdAt: 2_000 }), AUTHOR);
    await change(store, 3_000);
    expect(await seqsOf(store)).toEqual([5, 4, 3, 2, 1]);
    expect(await seqsOf(store, { since: 2_000 })).toEqual([5, 4]);
    expect(await seqsOf(store, { subjectId: 'key_0001' })).toEqual([5, 3]);
    expect(await seqsOf(store, { subjectId: 'KEY_0001' })).toEqual([]);
    expect(await seqsOf(store, { before: 4 })).toEqual([3, 2, 1]);
    expect(await seqsOf(store, { limit: 2 })).toEqual([5, 4]);
    const oldestFirst = await store.auditChain(TEAM.id, 1, 3);
    expect(oldestFirst.map(({ seq }) => seq)).toEqual([2, 3, 4]);
  });

  test('each team has a chain of its own, and nobody reads that of another', async () => {
    const store = await withProfiles(opened());
    expect(await seqsOf(store, {}, OTHER_TEAM.id)).toEqual([1]);
    expect(await seqsOf(store, {}, 'TEAM_1')).toEqual([]);
    expect(await store.auditHead('team_nowhere')).toEqual(EMPTY_CHAIN);
    for (const { id } of [TEAM, OTHER_TEAM]) {
      expect(await verifyChain(await store.auditChain(id, 0, 100))).toMatchObject({ kind: 'intact' });
    }
  });

  test('parallel changes make one chain', async () => {
    const store = await withProfiles(opened());
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    await Promise.all(numbers.map((number) => store.insertKey(sampleKey(number), AUTHOR)));
    const finding = await verifyChain(await store.auditChain(TEAM.id, 0, 100));
    expect(finding).toEqual({ kind: 'intact', head: await store.auditHead(TEAM.id) });
    expect(await seqsOf(store, { limit: 1 })).toEqual([52]);
  });

  test('odd texts come back as they went into the hash, and a store that was opened again goes on with the chain', async () => {
    const { store, reopen } = opened();
    await withProfiles({ store });
    for (const [number, text] of ODD_TEXTS.entries()) {
      const author = { actor: text, session: text, client: text, ip: text, at: 0 };
      await store.insertKey(sampleKey(number, { name: text }), author);
      const design = { [text]: text, [`${text}!`]: 'x' };
      await store.changeProfile(TEAM.id, PROFILE.id, author, (profile) => ({
        profile: { ...profile, design },
        result: null,
      }));
    }
    const again = reopen === undefined ? store : await reopen();
    await again.insertKey(sampleKey(77), { actor: 'server', session: null, client: null, ip: null, at: 0 });
    const finding = await verifyChain(await again.auditChain(TEAM.id, 0, 100));
    expect(finding).toMatchObject({ kind: 'intact', head: { seq: 2 + 2 * ODD_TEXTS.length + 1 } });
  });
}

import { expect, test } from 'vitest';
import type { Key } from '../../../src/core/key.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import { AUTHOR, hashOf, OTHER_TEAM, revoked, sampleKey, sampleSecret, TEAM } from './samples.ts';

const DECIDED = { kind: 'decided', result: 'done' };

/** Supersedes the first secret and adds another. */
function rotated(key: Key, number: number): Key {
  const secrets = key.secrets.map((secret) => ({ ...secret, supersededAt: 1_500, acceptedUntil: 2_500 }));
  const added = sampleSecret(number, { ordinal: 2, createdAt: 1_500 });
  return { ...key, secrets: [...secrets, added], version: key.version + 1 };
}

export function changeContract(opened: () => OpenedStore): void {
  test('a change writes further secrets, ends and the revocation, and gives back what was decided', async () => {
    const store = await withProfiles(opened());
    const key = sampleKey(1);
    await store.insertKey(key, AUTHOR);
    await store.insertKey(sampleKey(2), AUTHOR);
    const after = { ...revoked(rotated(key, 10)), version: 2 };
    expect(await store.change(TEAM.id, key.id, AUTHOR, () => ({ key: after, result: 'done' }))).toEqual(DECIDED);
    expect(await store.findKey(TEAM.id, key.id)).toEqual(after);
    expect(await store.findKeyByHash(hashOf(10))).toEqual(after);
    expect(await store.findKey(TEAM.id, 'key_0002')).toEqual(sampleKey(2));
  });

  test('an end can be taken back', async () => {
    const store = await withProfiles(opened());
    const key = sampleKey(1);
    await store.insertKey(key, AUTHOR);
    await store.change(TEAM.id, key.id, AUTHOR, (found) => ({ key: rotated(found, 10), result: null }));
    const restored = {
      ...key,
      version: 3,
      secrets: [...key.secrets, sampleSecret(10, { ordinal: 2, createdAt: 1_500, revokedAt: 1_600 })],
    };
    await store.change(TEAM.id, key.id, AUTHOR, () => ({ key: restored, result: null }));
    expect(await store.findKey(TEAM.id, key.id)).toEqual(restored);
  });

  test('a decision sees the key as it is, once, and may leave it alone', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const seen: Key[] = [];
    const outcome = await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => {
      seen.push(key);
      return { key: null, result: 'done' };
    });
    expect(outcome).toEqual(DECIDED);
    expect(seen).toEqual([sampleKey(1)]);
    expect(await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key, result: 'done' }))).toEqual(DECIDED);
    expect(await store.findKey(TEAM.id, 'key_0001')).toEqual(sampleKey(1));
  });

  test('the limit and the end of a key are what a change says', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1, { rateLimitPerMinute: 5, expiresAt: 9_000 }), AUTHOR);
    for (const terms of [
      { rateLimitPerMinute: 7 },
      { expiresAt: null },
      { rateLimitPerMinute: null, expiresAt: 8_000 },
    ]) {
      const before = await store.findKey(TEAM.id, 'key_0001');
      await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({
        key: { ...key, ...terms, version: key.version + 1 },
        result: null,
      }));
      const after = await store.findKey(TEAM.id, 'key_0001');
      expect(after).toEqual({ ...before, ...terms, version: (before?.version ?? 0) + 1 });
    }
  });

  test.each([
    ['missing', TEAM.id, 'key_0002'],
    ["another team's", OTHER_TEAM.id, 'key_0001'],
    ['differently spelled', TEAM.id, 'KEY_0001'],
  ])('nothing is decided about a key that is %s', async (_which, teamId, keyId) => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const decide = (): never => {
      throw new Error('was asked');
    };
    expect(await store.change(teamId, keyId, AUTHOR, decide)).toEqual({ kind: 'not_found' });
  });

  test('a decision that throws writes nothing, and its error comes out', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const refusal = new Error('no');
    const decide = (): never => {
      throw refusal;
    };
    await expect(store.change(TEAM.id, 'key_0001', AUTHOR, decide)).rejects.toBe(refusal);
    expect(await store.findKey(TEAM.id, 'key_0001')).toEqual(sampleKey(1));
    expect(await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: revoked(key), result: 'done' }))).toEqual(
      DECIDED,
    );
  });

  test('a new secret whose hash is taken writes nothing of the change', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    await store.insertKey(revoked(sampleKey(2)), AUTHOR);
    const time = await store.greatestTime();
    const outcome = await store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({
      key: { ...revoked(rotated(key, 2), 9_000), version: 2 },
      result: 1,
    }));
    expect(outcome).toEqual({ kind: 'hash_in_use' });
    expect(await store.findKey(TEAM.id, 'key_0001')).toEqual(sampleKey(1));
    expect((await store.findKeyByHash(hashOf(2)))?.id).toBe('key_0002');
    expect(await store.greatestTime()).toBe(time);
  });

  test.each<[string, (key: Key) => Key]>([
    ['its version, which goes up by one, left as it was', (key) => ({ ...key, version: key.version - 1 })],
    ['its version by two', (key) => ({ ...key, version: key.version + 1 })],
    ['its name', (key) => ({ ...key, name: 'Another' })],
    ['its profile', (key) => ({ ...key, profileId: 'prof_2' })],
    ['its team', (key) => ({ ...key, teamId: OTHER_TEAM.id })],
    ['its environment', (key) => ({ ...key, environment: 'staging' })],
    ['the start of a secret', (key) => ({ ...key, secrets: key.secrets.map((secret) => ({ ...secret, start: 'x' })) })],
    ['a secret taken away', (key) => ({ ...key, secrets: [] })],
    ['a secret exchanged', (key) => ({ ...key, secrets: [sampleSecret(9)] })],
  ])('what is fixed for ever cannot be changed: %s', async (_what, edit) => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const change = store.change(TEAM.id, 'key_0001', AUTHOR, (key) => ({ key: revoked(edit(key)), result: null }));
    await expect(change).rejects.toThrow('key_0001');
    expect(await store.findKey(TEAM.id, 'key_0001')).toEqual(sampleKey(1));
  });
}

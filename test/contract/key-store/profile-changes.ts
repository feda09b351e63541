import { expect, test } from 'vitest';
import type { Profile } from '../../../src/core/profile.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import { AUTHOR, ODD_TEXTS, OTHER_PROFILE, OTHER_TEAM, PROFILE, SECOND_PROFILE, TEAM } from './samples.ts';

const DECIDED = { kind: 'decided', result: 'done' };
const to = (fields: Partial<Profile>) => (profile: Profile) => ({ profile: { ...profile, ...fields }, result: 'done' });

export function profileChangeContract(opened: () => OpenedStore): void {
  test('a change writes name, plan, design and archiving, each alone and all at once, and nothing else', async () => {
    const store = await withProfiles(opened());
    const steps: readonly Partial<Profile>[] = [
      { name: 'Renamed' },
      { plan: 'pro' },
      { design: { '--outkit-accent': 'red' } },
      { design: {} },
      { archivedAt: 2_000 },
      { name: 'Again', plan: 'free', design: PROFILE.design, archivedAt: 3_000 },
    ];
    let expected = PROFILE;
    for (const step of steps) {
      expected = { ...expected, ...step };
      expect(await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to(step))).toEqual(DECIDED);
      expect(await store.findProfile(TEAM.id, PROFILE.id)).toEqual(expected);
    }
    expect(await store.allProfiles()).toEqual([expected, SECOND_PROFILE, OTHER_PROFILE]);
  });

  test('a change of a profile stays when the store is opened again', async () => {
    const { store, reopen } = opened();
    await withProfiles({ store });
    await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to({ plan: 'pro', archivedAt: 2_000 }));
    if (reopen === undefined) return;
    const again = await reopen();
    expect(await again.findProfile(TEAM.id, PROFILE.id)).toEqual({ ...PROFILE, plan: 'pro', archivedAt: 2_000 });
  });

  test('archiving moves the greatest time, and no other change of a profile does', async () => {
    const store = await withProfiles(opened());
    const time = await store.greatestTime();
    await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to({ plan: 'pro' }));
    expect(await store.greatestTime()).toBe(time);
    await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to({ archivedAt: time + 9 }));
    expect(await store.greatestTime()).toBe(time + 9);
  });

  test('a decision sees the profile as it is, once, and may leave it alone', async () => {
    const store = await withProfiles(opened());
    const seen: Profile[] = [];
    const outcome = await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, (profile) => {
      seen.push(profile);
      return { profile: null, result: 'done' };
    });
    expect(outcome).toEqual(DECIDED);
    expect(seen).toEqual([PROFILE]);
    expect(await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to({}))).toEqual(DECIDED);
    expect(await store.findProfile(TEAM.id, PROFILE.id)).toEqual(PROFILE);
  });

  test.each([
    ['missing', TEAM.id, 'prof_9'],
    ["another team's", OTHER_TEAM.id, PROFILE.id],
    ['differently spelled', TEAM.id, 'PROF_1'],
  ])('nothing is decided about a profile that is %s', async (_which, teamId, profileId) => {
    const store = await withProfiles(opened());
    const decide = (): never => {
      throw new Error('was asked');
    };
    expect(await store.changeProfile(teamId, profileId, AUTHOR, decide)).toEqual({ kind: 'not_found' });
  });

  test('a decision about a profile that throws writes nothing, and its error comes out', async () => {
    const store = await withProfiles(opened());
    const refusal = new Error('no');
    const decide = (): never => {
      throw refusal;
    };
    await expect(store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, decide)).rejects.toBe(refusal);
    expect(await store.findProfile(TEAM.id, PROFILE.id)).toEqual(PROFILE);
    expect(await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to({ name: 'After' }))).toEqual(DECIDED);
  });

  test.each<[string, Partial<Profile>]>([
    ['its id', { id: 'prof_9' }],
    ['its team', { teamId: OTHER_TEAM.id }],
    ['its creation time', { createdAt: 31 }],
    ['a time that is no whole number', { archivedAt: 1.5 }],
  ])('a change of a profile that touches %s throws and writes nothing', async (_what, fields) => {
    const store = await withProfiles(opened());
    await expect(store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to({ name: 'Wrong', ...fields }))).rejects.toThrow();
    expect(await store.findProfile(TEAM.id, PROFILE.id)).toEqual(PROFILE);
  });

  test('changed names and design values are kept to the letter', async () => {
    const store = await withProfiles(opened());
    for (const text of ODD_TEXTS) {
      const fields = { name: text, design: { [`--${text}`]: text } };
      await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to(fields));
      expect(await store.findProfile(TEAM.id, PROFILE.id)).toEqual({ ...PROFILE, ...fields });
    }
  });

  test('parallel changes of one profile happen one after the other', async () => {
    const store = await withProfiles(opened());
    await store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, to({ name: '0' }));
    const count = (profile: Profile) => {
      const name = String(Number(profile.name) + 1);
      return { profile: { ...profile, name }, result: name };
    };
    const change = () => store.changeProfile(TEAM.id, PROFILE.id, AUTHOR, count);
    const outcomes = await Promise.all(Array.from({ length: 100 }, change));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(100);
    expect((await store.findProfile(TEAM.id, PROFILE.id))?.name).toBe('100');
  });
}

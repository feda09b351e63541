import { expect, test } from 'vitest';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import { AUTHOR, idsOf, ODD_TEXTS, OTHER_PROFILE, OTHER_TEAM, PROFILE, SECOND_PROFILE, TEAM } from './samples.ts';

export function profileContract(opened: () => OpenedStore): void {
  test('teams come back as they went in, by creation time, then id', async () => {
    const { store } = opened();
    const teams = [
      { id: 'team_b', name: 'B', createdAt: 2 },
      { id: 'team_c', name: 'C', createdAt: 1 },
      { id: 'team_a', name: 'A', createdAt: 2 },
    ];
    for (const team of teams) await store.insertTeam(team);
    expect(await store.listTeams()).toEqual([teams[1], teams[2], teams[0]]);
  });

  test('profiles come back as they went in, by creation time, then id', async () => {
    const store = await withProfiles(opened());
    await store.insertProfile({ ...PROFILE, id: 'prof_0', createdAt: SECOND_PROFILE.createdAt }, AUTHOR);
    expect(idsOf(await store.listProfiles(TEAM.id))).toEqual(['prof_1', 'prof_0', 'prof_2']);
    expect(await store.findProfile(TEAM.id, SECOND_PROFILE.id)).toEqual(SECOND_PROFILE);
    expect(idsOf(await store.allProfiles())).toEqual(['prof_1', 'prof_0', 'prof_2', 'prof_3']);
  });

  test('a profile of another team looks like a missing one', async () => {
    const store = await withProfiles(opened());
    expect(await store.findProfile(OTHER_TEAM.id, PROFILE.id)).toBeNull();
    expect(await store.findProfile(TEAM.id, 'prof_nowhere')).toBeNull();
    expect(await store.listProfiles(OTHER_TEAM.id)).toEqual([OTHER_PROFILE]);
    expect(await store.listProfiles('team_nowhere')).toEqual([]);
  });

  test('names and design values are kept to the letter', async () => {
    const { store } = opened();
    for (const [index, text] of ODD_TEXTS.entries()) {
      const team = { id: `team_${index}`, name: text, createdAt: index };
      const profile = { ...PROFILE, id: `prof_${index}`, teamId: team.id, name: text, design: { [`--${text}`]: text } };
      await store.insertTeam(team);
      await store.insertProfile(profile, AUTHOR);
      expect((await store.listTeams())[index]).toEqual(team);
      expect(await store.findProfile(team.id, profile.id)).toEqual(profile);
    }
  });

  test('ids that differ in case are different', async () => {
    const store = await withProfiles(opened());
    await store.insertTeam({ ...TEAM, id: 'TEAM_1' });
    await store.insertProfile({ ...PROFILE, id: 'PROF_1', name: 'Shouted' }, AUTHOR);
    expect((await store.findProfile(TEAM.id, 'PROF_1'))?.name).toBe('Shouted');
    expect((await store.findProfile(TEAM.id, 'prof_1'))?.name).toBe(PROFILE.name);
    expect(await store.findProfile('TEAM_1', 'prof_1')).toBeNull();
    expect(await store.findProfile(TEAM.id, 'Prof_1')).toBeNull();
  });

  test('an id is given once, and a profile belongs to a team that is there', async () => {
    const store = await withProfiles(opened());
    await expect(store.insertTeam(TEAM)).rejects.toThrow();
    await expect(store.insertProfile({ ...PROFILE, name: 'Again' }, AUTHOR)).rejects.toThrow();
    await expect(store.insertProfile({ ...PROFILE, id: 'prof_9', teamId: 'team_9' }, AUTHOR)).rejects.toThrow();
    expect(await store.allProfiles()).toEqual([PROFILE, SECOND_PROFILE, OTHER_PROFILE]);
  });
}

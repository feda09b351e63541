import { describe, expect, it } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { MAX_DESIGN_TOKENS, type Profile } from './profile.ts';
import { archiveProfile, changedDesign, type ProfileChange, updateProfile } from './profile-change.ts';

const profile: Profile = {
  id: 'prof_2222222222222222',
  teamId: 'team_2222222222222222',
  name: 'Web',
  plan: 'free',
  design: { '--outkit-a': '1', '--outkit-b': '2' },
  createdAt: NOON,
  archivedAt: null,
};
const NOTHING: ProfileChange = { name: null, plan: null, design: null, set: {}, unset: [] };
const update = (change: Partial<ProfileChange>, before = profile) => updateProfile(before, { ...NOTHING, ...change });

describe('updateProfile', () => {
  it.each<[string, Partial<ProfileChange>, Partial<Profile>]>([
    ['a name', { name: 'Shop' }, { name: 'Shop' }],
    ['a plan', { plan: 'pro' }, { plan: 'pro' }],
    ['a design', { design: {} }, { design: {} }],
    ['a token', { set: { '--outkit-b': '3' } }, { design: { '--outkit-a': '1', '--outkit-b': '3' } }],
    ['a token less', { unset: ['--outkit-a'] }, { design: { '--outkit-b': '2' } }],
  ])('changes %s alone', (_, change, expected) => {
    expect(update(change)).toEqual({ kind: 'changed', profile: { ...profile, ...expected } });
  });

  it.each<[string, Partial<ProfileChange>]>([
    ['nothing', {}],
    ['what is so already', { name: 'Web', plan: 'free', design: profile.design, set: { '--outkit-a': '1' } }],
    ['the same tokens in another order', { design: { '--outkit-b': '2', '--outkit-a': '1' } }],
    ['a token away that is not there', { unset: ['--outkit-z'] }],
  ])('of %s is no change', (_, change) => {
    expect(update(change)).toEqual({ kind: 'unchanged' });
  });

  it('leaves an archived profile alone, whatever is asked', () => {
    const archived = { ...profile, archivedAt: NOON };
    for (const change of [{}, { name: 'Shop' }]) expect(update(change, archived)).toEqual({ kind: 'profile_archived' });
  });

  it('counts the tokens that are left, not those that were sent', () => {
    const full = Object.fromEntries(Array.from({ length: MAX_DESIGN_TOKENS }, (_, n) => [`--outkit-${n}`, '1']));
    expect(update({ design: full }).kind).toBe('changed');
    expect(update({ set: full })).toEqual({ kind: 'too_many_tokens' });
    expect(update({ set: full, unset: ['--outkit-a', '--outkit-b'] }).kind).toBe('changed');
  });
});

describe('changedDesign', () => {
  it('replaces all, then sets, then takes away; what stays keeps its place', () => {
    const change = {
      design: { '--outkit-x': '1', '--outkit-y': '1' },
      set: { '--outkit-x': '2' },
      unset: ['--outkit-y'],
    };
    expect(changedDesign(profile.design, change)).toEqual({ '--outkit-x': '2' });
    const set = changedDesign(profile.design, {
      design: null,
      set: { '--outkit-c': '3', '--outkit-a': '9' },
      unset: [],
    });
    expect(Object.keys(set)).toEqual(['--outkit-a', '--outkit-b', '--outkit-c']);
  });
});

describe('archiveProfile', () => {
  it('is for ever, and keeps the first time', () => {
    const decision = archiveProfile(profile, NOON);
    expect(decision).toEqual({ kind: 'changed', profile: { ...profile, archivedAt: NOON } });
    expect(archiveProfile({ ...profile, archivedAt: NOON }, NOON + 1)).toEqual({ kind: 'already_archived' });
  });
});

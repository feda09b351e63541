import { describe, expect, it } from 'vitest';
import { TEAM } from '../../test/contract/key-store/samples.ts';
import {
  accepted,
  invitationOf,
  memberOf,
  OWNER,
  revokedInvitation,
} from '../../test/contract/people-store/samples.ts';
import type { Invitation } from '../core/membership.ts';
import { peopleDifference } from './people-difference.ts';

const people = (...invitations: readonly Invitation[]) => ({ team: TEAM, members: [OWNER], invitations });
const STANDING = invitationOf(1);
const ACCEPTED = accepted(STANDING, 'person_bob');
const REVOKED = revokedInvitation(STANDING);

describe('how an invitation ended', () => {
  it.each([
    ['accepted, then revoked', ACCEPTED, REVOKED],
    ['accepted, then by another', ACCEPTED, accepted(STANDING, 'person_eve')],
    ['revoked, then accepted', REVOKED, ACCEPTED],
    ['revoked, then at another time', REVOKED, revokedInvitation(STANDING, 301)],
    ['accepted, then standing', ACCEPTED, STANDING],
    ['revoked, then standing', REVOKED, STANDING],
  ])('is for ever: %s', (_how, before, after) => {
    expect(() => peopleDifference(people(before), people(after))).toThrow('how it ended');
    expect(peopleDifference(people(before), people(before))).toBeNull();
  });
});

describe('what differs', () => {
  it('is named and nothing else, with the latest moment that it states', () => {
    const before = { team: TEAM, members: [OWNER, memberOf('person_bob', 'admin')], invitations: [STANDING] };
    const eve = memberOf('person_eve', 'member', { since: 400 });
    const after = { team: { ...TEAM, name: 'New' }, members: [OWNER, eve], invitations: [REVOKED, invitationOf(2)] };
    expect(peopleDifference(before, after)).toEqual({
      name: 'New',
      newMembers: [eve],
      changedMembers: [],
      removedMembers: ['person_bob'],
      newInvitations: [invitationOf(2)],
      endedInvitations: [REVOKED],
      at: 400,
    });
  });
});

import { OutkitError } from '../core/errors.ts';
import type { Key } from '../core/key.ts';
import type { PeopleRefusal } from '../core/membership.ts';
import { MAX_DESIGN_TOKENS } from '../core/profile.ts';
import type { UpdateDecision } from '../core/profile-change.ts';
import type { KeyDecision, RotationRefusal } from '../core/rotation.ts';

/** The same words for a missing and a foreign id: nobody learns whether it exists elsewhere. */
export function missing(noun: keyof typeof WAYS_TO_FIND): OutkitError {
  return new OutkitError('not_found', `No such ${noun}`, WAYS_TO_FIND[noun]);
}

const WAYS_TO_FIND = {
  key: 'outkit keys list --all',
  profile: 'outkit profiles list',
  team: 'outkit teams list',
  person: 'outkit people list',
  invitation: 'outkit people invitations',
  session: 'outkit sessions list',
} as const;

export function forbidden(why: string): OutkitError {
  return new OutkitError('forbidden', why, 'ask an owner of the team');
}

/** For what only a server with accounts can do. */
export function noAccounts(): OutkitError {
  return new OutkitError('no_accounts', 'outkit dev has no accounts: its one credential is the owner', 'outkit serve');
}

const PEOPLE_MESSAGES: Readonly<Record<Exclude<PeopleRefusal, 'not_found'>, readonly [message: string, hint: string]>> =
  {
    forbidden: ['Your role in this team does not allow that: owners are made and ended by owners', 'ask an owner'],
    last_owner: ['This is the last owner of the team', 'make somebody else an owner first'],
    already_member: ['That person is in the team already', 'outkit people list'],
    invitation_ended: ['This invitation was used or revoked, or is too old', 'ask for another one'],
    too_many_people: ['The team has as many members or open invitations as it can have', 'outkit people invitations'],
  };

/** Why a team stays as it is. */
export function peopleRefusal(kind: Exclude<PeopleRefusal, 'not_found'>): OutkitError {
  return new OutkitError(kind, ...PEOPLE_MESSAGES[kind]);
}

/** Why a profile takes no change, or no key. */
export function profileRefusal(kind: Exclude<UpdateDecision['kind'], 'changed' | 'unchanged'>): OutkitError {
  if (kind === 'too_many_tokens') return invalid(`design: must have at most ${MAX_DESIGN_TOKENS} tokens`);
  return new OutkitError(
    'profile_archived',
    'The profile is archived: it takes neither keys nor changes',
    'outkit profiles list',
  );
}

export function invalid(rule: string): OutkitError {
  return new OutkitError('bad_request', rule);
}

export function endMustLieAhead(): OutkitError {
  return invalid('expiresAt must lie in the future');
}

export function hashInUse(): OutkitError {
  return new OutkitError('hash_in_use', 'This hash cannot be used for a new secret', 'mint another one');
}

const ROTATION_MESSAGES: Readonly<Record<RotationRefusal, readonly [message: string, hint: string]>> = {
  key_not_active: ['The key is revoked or expired', 'create a new key'],
  rotation_in_progress: [
    'The key was rotated already and its old secret is still accepted',
    'end the grace window, or if the new secret was lost, cancel the rotation or replace the new secret',
  ],
  no_rotation: ['The key is in no grace window', 'rotate it first'],
  grace_too_long: ['A grace window lasts at most 7 days from the rotation', 'extend it by less'],
};

/** The key that a transition made, or the error that says why there is none. */
export function applied(decision: KeyDecision<RotationRefusal>): Key {
  if (decision.kind === 'changed') return decision.key;
  throw new OutkitError(decision.kind, ...ROTATION_MESSAGES[decision.kind]);
}

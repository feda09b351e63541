import { OutkitError } from '../core/errors.ts';
import type { Key } from '../core/key.ts';
import { MAX_DESIGN_TOKENS } from '../core/profile.ts';
import type { UpdateDecision } from '../core/profile-change.ts';
import type { KeyDecision, RotationRefusal } from '../core/rotation.ts';

/** The same words for a missing and a foreign id: nobody learns whether it exists elsewhere. */
export function missing(noun: 'key' | 'profile'): OutkitError {
  return new OutkitError(
    'not_found',
    `No such ${noun}`,
    noun === 'key' ? 'outkit keys list --all' : 'outkit profiles list',
  );
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

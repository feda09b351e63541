import type { AuditAction } from '../core/audit.ts';

const WORDS: Readonly<Record<AuditAction, string>> = {
  'key.create': 'created key',
  'key.update': 'changed key',
  'key.rotate': 'rotated key',
  'key.replace_new': 'replaced new key',
  'key.end_grace': 'ended grace',
  'key.extend_grace': 'extended grace',
  'key.cancel_rotation': 'cancelled rotation',
  'key.revoke': 'revoked key',
  'profile.create': 'created profile',
  'profile.update': 'changed profile',
  'profile.archive': 'archived profile',
  'team.create': 'created team',
  'team.rename': 'renamed team',
  'member.add': 'joined team',
  'member.role': 'changed role',
  'member.remove': 'removed from team',
  'invitation.create': 'invited',
  'invitation.accept': 'accepted invitation',
  'invitation.revoke': 'ended invitation',
  'person.create': 'created account',
  'person.password': 'set password',
  'person.identity': 'linked sign-in',
  'session.start': 'signed in',
  'session.end': 'signed out',
  'device.approve': 'let device in',
  'device.deny': 'sent device away',
  outcome: 'reported outcome',
};

/** An action for people; one that a newer server writes stays as it is. */
export function actionWords(action: string): string {
  return Object.hasOwn(WORDS, action) ? WORDS[action as AuditAction] : action;
}

import { ROLES, type Role } from './authorization.ts';
import type { Key, Secret } from './key.ts';
import type { Invitation, Member, TeamPeople } from './membership.ts';
import type { Profile } from './profile.ts';

/** Who ends keys in a restore, for the record. */
const RESTORE = 'restore';
const CREATED_SINCE = 'created after the backup that was restored';
const OWNER: Role = 'owner';
const PARTED = 'the backup and the database that it replaced disagree on this key';

/**
 * A key of a backup, as it may be when the backup replaces a database that knows the key too: nothing that either of them has ended
 * comes back. The state with more changes is taken, and the ends that only the other one knows are put into it.
 *
 * - A secret that `current` knows is accepted only when `current` accepts it at that time.
 * - A secret that only the older state knows ends at `at`: the two histories have parted, and nobody knows why.
 * - It ends when `current` says, or earlier.
 * - When no current secret is left, or what is fixed differs, the key is revoked.
 */
export function restoredKey(backup: Key, current: Key, at: number): Key {
  const [newer, older] = backup.version > current.version ? [backup, current] : [current, backup];
  const secrets = [
    ...newer.secrets.map((secret) => withEnds(secret, older, newer === backup)),
    ...lost(newer, older, at),
  ];
  const revocation = earlierRevocation(backup, current);
  const { rateLimitPerMinute } = newer;
  const expiresAt = newer === backup ? earlier(backup.expiresAt, current.expiresAt) : current.expiresAt;
  const merged = { ...backup, rateLimitPerMinute, expiresAt, ...revocation, version: newer.version, secrets };
  if (!isSameKey(backup, current) || secrets.filter(isCurrent).length !== 1) {
    // Also a revoked key has a current secret; which one does not matter any more.
    const kept = [...newer.secrets, ...lost(newer, older, at)];
    return closed({ ...merged, version: newer.version + 1, secrets: kept }, at, PARTED);
  }
  const isNewer = JSON.stringify(merged) === JSON.stringify({ ...backup, ...newer });
  return isNewer ? merged : { ...merged, version: newer.version + 1 };
}

/**
 * A key that only the replaced database knows: revoked, and kept so that its hashes stay taken. It was not there at the time to which
 * the backup goes back, and a key that somebody made by mistake or malice is a reason to go back.
 */
export function keyCreatedSince(key: Key, at: number): Key {
  return key.revokedAt === null ? closed({ ...key, version: key.version + 1 }, at, CREATED_SINCE) : key;
}

/** A profile of a backup: name, plan and design as they were, but archived when the replaced database says so. */
export function restoredProfile(backup: Profile, current: Profile): Profile {
  return { ...backup, archivedAt: earlier(backup.archivedAt, current.archivedAt) };
}

/** What the replaced database knows of the people of a team. */
export interface KnownPeople {
  readonly members: readonly Member[];
  /** Those that were accepted or revoked. */
  readonly endedInvitations: readonly Invitation[];
  /** The latest moment that it knows of, as epoch milliseconds. */
  readonly time: number;
}

/**
 * The people of a team as a restore leaves them: members of the backup who still are members, with the lower of both roles, and its
 * invitations as they ended since. Who came later than all that the replaced database knows stays: it never knew them, so it has not
 * removed them. Where no owner would be left, whoever of them owns the team in the replaced database owns it again.
 */
export function restoredPeople(backup: TeamPeople, { members, endedInvitations, time }: KnownPeople): TeamPeople {
  const roles = new Map(members.map(({ personId, role }) => [personId, role]));
  const kept = backup.members.filter(({ personId, since }) => roles.has(personId) || since > time);
  const lowered = kept.map((member) => ({ ...member, role: lowerRole(member.role, roles.get(member.personId)) }));
  const isOwned = lowered.some(({ role }) => role === 'owner');
  const owners = lowered.map((member) =>
    roles.get(member.personId) === 'owner' ? { ...member, role: OWNER } : member,
  );
  const ends = new Map(endedInvitations.map(({ id, ...invitation }) => [id, invitation]));
  const invitations = backup.invitations.map((invitation) => {
    const { acceptedAt, acceptedBy, revokedAt } = ends.get(invitation.id) ?? invitation;
    return { ...invitation, acceptedAt, acceptedBy, revokedAt };
  });
  return { team: backup.team, members: isOwned ? lowered : owners, invitations };
}

function lowerRole(left: Role, right: Role = left): Role {
  return ROLES.indexOf(left) > ROLES.indexOf(right) ? left : right;
}

/** Revocations are for ever, whoever knows them. How long a superseded secret lasts is for the newer state to say, unless that is the backup. */
function withEnds(secret: Secret, older: Key, isOlderInForce: boolean): Secret {
  const twin = older.secrets.find(({ hash }) => hash === secret.hash);
  if (twin === undefined) return secret;
  const revokedAt = earlier(secret.revokedAt, twin.revokedAt);
  if (!isOlderInForce) return { ...secret, revokedAt };
  const acceptedUntil = earlier(secret.acceptedUntil, twin.acceptedUntil);
  return { ...secret, revokedAt, acceptedUntil, supersededAt: secret.supersededAt ?? twin.supersededAt };
}

/** Secrets that the newer state does not know, ended. Two histories may have given the same ordinal to different secrets. */
function lost(newer: Key, older: Key, at: number): Secret[] {
  const known = new Set(newer.secrets.map(({ hash }) => hash));
  const last = Math.max(...newer.secrets.map(({ ordinal }) => ordinal));
  return older.secrets
    .filter(({ hash }) => !known.has(hash))
    .map((secret, index) => ({ ...secret, ordinal: last + 1 + index, revokedAt: secret.revokedAt ?? at }));
}

function earlierRevocation(left: Key, right: Key): Pick<Key, 'revokedAt' | 'revokedBy' | 'revokeReason'> {
  const first = earlier(left.revokedAt, right.revokedAt) === left.revokedAt ? left : right;
  const { revokedAt, revokedBy, revokeReason } = first;
  return { revokedAt, revokedBy, revokeReason };
}

function closed(key: Key, at: number, reason: string): Key {
  return key.revokedAt === null ? { ...key, revokedAt: at, revokedBy: RESTORE, revokeReason: reason } : key;
}

function isSameKey(left: Key, right: Key): boolean {
  return left.profileId === right.profileId && left.environment === right.environment;
}

function isCurrent(secret: Secret): boolean {
  return secret.revokedAt === null && secret.acceptedUntil === null;
}

/** The earlier of two ends, where `null` is none. */
function earlier(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}

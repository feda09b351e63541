import type { AuditAction, AuditedChange, AuditFacts } from './audit.ts';
import type { Key, Secret } from './key.ts';
import type { Profile } from './profile.ts';

/**
 * What a change of a key says in the audit log; `null` before it was created. The action is read off the difference: what is logged is
 * what was done, whatever the caller calls it.
 */
export function keyChangeOf(before: Key | null, after: Key): AuditedChange {
  const subject = { subjectKind: 'key', subjectId: after.id, profileId: after.profileId } as const;
  const action = before === null ? 'key.create' : keyAction(before, after);
  return { action, ...subject, ...changedFacts(before && keyFacts(before), keyFacts(after)) };
}

/** The same for a profile. */
export function profileChangeOf(before: Profile | null, after: Profile): AuditedChange {
  const subject = { subjectKind: 'profile', subjectId: after.id, profileId: after.id } as const;
  const isArchived = before !== null && before.archivedAt !== after.archivedAt;
  const action = before === null ? 'profile.create' : isArchived ? 'profile.archive' : 'profile.update';
  return { action, ...subject, ...changedFacts(before && profileFacts(before), profileFacts(after)) };
}

function keyAction(before: Key, after: Key): AuditAction {
  if (before.revokedAt !== after.revokedAt || before.revokeReason !== after.revokeReason) return 'key.revoke';
  const [was, is] = [secretsOf(before), secretsOf(after)];
  if (after.secrets.length > before.secrets.length) {
    const isLost = is.all.some(({ hash, revokedAt }) => hash === was.current?.hash && revokedAt !== null);
    return isLost ? 'key.replace_new' : 'key.rotate';
  }
  if (before.expiresAt !== after.expiresAt || before.rateLimitPerMinute !== after.rateLimitPerMinute)
    return 'key.update';
  if (was.current?.hash !== is.current?.hash) return 'key.cancel_rotation';
  return (is.old?.acceptedUntil ?? 0) < (was.old?.acceptedUntil ?? 0) ? 'key.end_grace' : 'key.extend_grace';
}

function keyFacts(key: Key): AuditFacts {
  const { current, old } = secretsOf(key);
  return {
    name: key.name,
    environment: key.environment,
    rateLimitPerMinute: key.rateLimitPerMinute,
    expiresAt: timeText(key.expiresAt),
    start: current?.start ?? null,
    oldStart: old?.start ?? null,
    oldAcceptedUntil: timeText(old?.acceptedUntil ?? null),
    revokedAt: timeText(key.revokedAt),
    revokeReason: key.revokeReason,
  };
}

function profileFacts({ name, plan, design, archivedAt }: Profile): AuditFacts {
  const tokens = Object.entries(design).map(([token, value]) => [`design ${token}`, value] as const);
  return { name, plan, archivedAt: timeText(archivedAt), ...Object.fromEntries(tokens) };
}

/** The secret in use, and the last one that a rotation put aside, whether its grace window is over or not. */
function secretsOf(key: Key) {
  const all = key.secrets.toSorted((left, right) => right.ordinal - left.ordinal);
  const standing = all.filter((secret: Secret) => secret.revokedAt === null);
  return {
    all,
    current: standing.find(({ acceptedUntil }) => acceptedUntil === null),
    old: standing.find(({ acceptedUntil }) => acceptedUntil !== null),
  };
}

/** The facts that differ; of something new those that it has, since absent is what nothing was. */
export function changedFacts(before: AuditFacts | null, after: AuditFacts): Pick<AuditedChange, 'before' | 'after'> {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])];
  const changed = names.filter((name) => (before?.[name] ?? null) !== (after[name] ?? null));
  const only = (facts: AuditFacts) => Object.fromEntries(changed.map((name) => [name, facts[name] ?? null]));
  return { before: before && only(before), after: only(after) };
}

/** ISO 8601, so that nobody has to know which numbers are times; what no calendar has stays a number. */
export function timeText(time: number | null): string | null {
  if (time === null) return null;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}

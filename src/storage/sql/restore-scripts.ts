import type { AuditAuthor } from '../../core/audit.ts';
import { profileChangeOf } from '../../core/audited-change.ts';
import { peopleChangesOf } from '../../core/audited-people-change.ts';
import { OutkitError } from '../../core/errors.ts';
import type { Key } from '../../core/key.ts';
import type { Profile, Team } from '../../core/profile.ts';
import { keyCreatedSince, restoredKey, restoredProfile } from '../../core/restore.ts';
import { recordChange } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import { keysWithIds } from './key-reads.ts';
import { hashBytes } from './key-rows.ts';
import { putKey } from './key-writes.ts';
import { teamOf } from './people-reads.ts';
import { allProfiles, insertProfile, insertTeam, listTeams } from './profile-scripts.ts';
import { ask, type Script } from './script.ts';

/** Databases bound the number of values in a statement. */
const HASHES_A_STATEMENT = 500;

/** Ids of the keys that are not as the backup has them. */
export interface TakenOverKeys {
  /** In the backup too: they keep the state of the replaced database, or the ends that it knows. */
  readonly kept: readonly string[];
  /** Only in the replaced database: refused from now on. */
  readonly revoked: readonly string[];
}

/**
 * Takes into a restored database the profiles that only the replaced one has, so that its keys keep a profile, and every archiving. A
 * team that was founded since comes with them, without its people. Two databases without a team in common are those of a machine that
 * made one for itself before it got the backup: there whatever is taken over belongs to the first team of the backup.
 */
export function* takeOverProfiles(
  db: QueryBuilder,
  teams: readonly Team[],
  profiles: readonly Profile[],
  at: number,
): Script<void> {
  let own = yield* listTeams(db);
  if (own.length === 0 || teams.some(({ id }) => isAmong(own, id))) {
    for (const team of teams) if (!isAmong(own, team.id)) yield* insertTeamSince(db, team, at);
    own = [...own, ...teams];
  }
  const known = new Map((yield* allProfiles(db)).map((profile) => [profile.id, profile]));
  for (const profile of profiles) {
    const backup = known.get(profile.id);
    if (backup === undefined) {
      const teamId = isAmong(own, profile.teamId) ? profile.teamId : (own[0]?.id ?? profile.teamId);
      yield* insertProfile(db, { ...profile, teamId }, restoredAt(at));
      continue;
    }
    const restored = restoredProfile(backup, profile);
    if (restored.archivedAt === backup.archivedAt) continue;
    yield* ask(db.updateTable('profiles').set({ archived_at: restored.archivedAt }).where('id', '=', profile.id));
    yield* recordChange(db, backup.teamId, restoredAt(at), profileChangeOf(backup, restored), at);
  }
}

/**
 * Takes into a restored database what the replaced one knows of these keys. After `takeOverProfiles`. `data_directory` when a secret
 * belongs to another key there: then the two are not of one history, and there is no telling who is right.
 */
export function* takeOverKeys(db: QueryBuilder, keys: readonly Key[], at: number): Script<TakenOverKeys> {
  const kept: string[] = [];
  const revoked: string[] = [];
  yield* requireOwnHashes(db, keys);
  const ids = keys.map(({ id }) => id);
  const backups = new Map((yield* keysWithIds(db, ids)).map((key) => [key.id, key]));
  for (const key of keys) {
    const backup = backups.get(key.id);
    if (backup !== undefined) {
      const restored = restoredKey(backup, key, at);
      if (JSON.stringify(restored) === JSON.stringify(backup)) continue;
      kept.push(key.id);
      yield* putKey(db, backup, restored, restoredAt(at));
    } else {
      if (key.revokedAt === null) revoked.push(key.id);
      const teamId = (yield* teamOf(db, 'profile', key.profileId)) ?? key.teamId;
      yield* putKey(db, null, keyCreatedSince({ ...key, teamId }, at), restoredAt(at));
    }
  }
  return { kept, revoked };
}

function isAmong(teams: readonly Team[], teamId: string): boolean {
  return teams.some(({ id }) => id === teamId);
}

function* insertTeamSince(db: QueryBuilder, team: Team, at: number): Script<void> {
  yield* insertTeam(db, team);
  for (const change of peopleChangesOf(null, { team, members: [], invitations: [] })) {
    yield* recordChange(db, team.id, restoredAt(at), change, at);
  }
}

/** Stands in the audit log for what a restore takes over. */
export function restoredAt(at: number): AuditAuthor {
  return { actor: 'restore', session: null, client: null, ip: null, at };
}

function* requireOwnHashes(db: QueryBuilder, keys: readonly Key[]): Script<void> {
  const secrets = keys.flatMap(({ id, secrets }) => secrets.map(({ hash }) => ({ hash, id })));
  for (let start = 0; start < secrets.length; start += HASHES_A_STATEMENT) {
    const some = secrets.slice(start, start + HASHES_A_STATEMENT);
    const bytes = some.flatMap(({ hash }) => hashBytes(hash) ?? []);
    const found = yield* ask(db.selectFrom('key_secrets').select(['hash', 'key_id']).where('hash', 'in', bytes));
    const owners = new Map(found.map(({ hash, key_id }) => [Buffer.from(hash).toString('hex'), key_id]));
    for (const { hash, id } of some) {
      const owner = owners.get(hash) ?? id;
      if (owner !== id) throw noCommonHistory(id, owner);
    }
  }
}

function noCommonHistory(id: string, owner: string): OutkitError {
  return new OutkitError(
    'data_directory',
    `A secret of ${id} belongs to ${owner} in the backup, so the two databases have no common history.`,
    'Restore into another directory, with --data-dir.',
  );
}

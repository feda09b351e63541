import type { Selectable } from 'kysely';
import type { AuditAuthor } from '../../core/audit.ts';
import { profileChangeOf } from '../../core/audited-change.ts';
import type { ProfileChangeDecision, ProfileChangeOutcome } from '../../core/key-store.ts';
import type { DesignTokens, Profile, Team } from '../../core/profile.ts';
import { type ProfileDifference, profileDifference } from '../profile-difference.ts';
import { recordChange } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import { teamFromRow } from './people-rows.ts';
import type { ProfilesTable } from './schema.ts';
import { ask, type Script, tell } from './script.ts';

export function* insertTeam(db: QueryBuilder, { id, name, createdAt }: Team): Script<void> {
  yield* ask(db.insertInto('teams').values({ id, name, created_at: createdAt }));
}

export function* listTeams(db: QueryBuilder): Script<readonly Team[]> {
  const rows = yield* ask(db.selectFrom('teams').selectAll().orderBy('created_at').orderBy('id'));
  return rows.map(teamFromRow);
}

export function* insertProfile(db: QueryBuilder, profile: Profile, author: AuditAuthor): Script<void> {
  const { id, teamId, name, plan, createdAt, archivedAt } = profile;
  const design = JSON.stringify(profile.design);
  const row = { id, team_id: teamId, name, plan, design, created_at: createdAt, archived_at: archivedAt };
  yield* tell(db.insertInto('profiles').values(row));
  yield* recordChange(db, teamId, author, profileChangeOf(null, profile), createdAt);
}

export function* changeProfile<Result>(
  db: QueryBuilder,
  teamId: string,
  profileId: string,
  author: AuditAuthor,
  decide: (profile: Profile) => ProfileChangeDecision<Result>,
): Script<ProfileChangeOutcome<Result>> {
  const held = db.selectFrom('profiles').select('id').where('id', '=', profileId).where('team_id', '=', teamId);
  yield* tell(held.forNoKeyUpdate());
  const before = yield* findProfile(db, teamId, profileId);
  if (before === null) return { kind: 'not_found' };
  const { profile: after, result } = decide(before);
  const difference = after === null ? null : profileDifference(before, after);
  if (after !== null && difference !== null) {
    yield* tell(db.updateTable('profiles').set(columnsOf(difference)).where('id', '=', profileId));
    yield* recordChange(db, teamId, author, profileChangeOf(before, after), difference.archivedAt ?? null);
  }
  return { kind: 'decided', result };
}

export function* findProfile(db: QueryBuilder, teamId: string, profileId: string): Script<Profile | null> {
  const query = db.selectFrom('profiles').selectAll().where('id', '=', profileId).where('team_id', '=', teamId);
  const [row] = yield* ask(query);
  return row === undefined ? null : profileFromRow(row);
}

export function* listProfiles(db: QueryBuilder, teamId: string): Script<readonly Profile[]> {
  const query = db.selectFrom('profiles').selectAll().where('team_id', '=', teamId).orderBy('created_at').orderBy('id');
  return (yield* ask(query)).map(profileFromRow);
}

export function* allProfiles(db: QueryBuilder): Script<readonly Profile[]> {
  const query = db.selectFrom('profiles').selectAll().orderBy('created_at').orderBy('id');
  return (yield* ask(query)).map(profileFromRow);
}

function columnsOf({ archivedAt, design, ...same }: ProfileDifference) {
  return {
    ...same,
    ...(design === undefined ? {} : { design: JSON.stringify(design) }),
    ...(archivedAt === undefined ? {} : { archived_at: archivedAt }),
  };
}

export function profileFromRow(row: Selectable<ProfilesTable>): Profile {
  return {
    id: row.id,
    teamId: row.team_id,
    name: row.name,
    plan: row.plan,
    design: JSON.parse(row.design) as DesignTokens,
    createdAt: row.created_at,
    archivedAt: row.archived_at,
  };
}

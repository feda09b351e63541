import type { Selectable } from 'kysely';
import type { DesignTokens, Profile, Team } from '../../core/profile.ts';
import { recordChange } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import type { ProfilesTable } from './schema.ts';
import { ask, type Script } from './script.ts';

export function* insertTeam(db: QueryBuilder, { id, name, createdAt }: Team): Script<void> {
  yield* ask(db.insertInto('teams').values({ id, name, created_at: createdAt }));
}

export function* listTeams(db: QueryBuilder): Script<readonly Team[]> {
  const rows = yield* ask(db.selectFrom('teams').selectAll().orderBy('created_at').orderBy('id'));
  return rows.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at }));
}

export function* insertProfile(db: QueryBuilder, profile: Profile): Script<void> {
  const { id, teamId, name, plan, createdAt } = profile;
  const design = JSON.stringify(profile.design);
  yield* ask(db.insertInto('profiles').values({ id, team_id: teamId, name, plan, design, created_at: createdAt }));
  yield* recordChange(db, 'profile', id, createdAt);
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

function profileFromRow(row: Selectable<ProfilesTable>): Profile {
  return {
    id: row.id,
    teamId: row.team_id,
    name: row.name,
    plan: row.plan,
    design: JSON.parse(row.design) as DesignTokens,
    createdAt: row.created_at,
  };
}

import type { AuditAuthor } from '../../core/audit.ts';
import { peopleChangesOf } from '../../core/audited-people-change.ts';
import type { ProfileChangeOutcome } from '../../core/key-store.ts';
import type { Member, TeamPeople } from '../../core/membership.ts';
import type { PeopleChange } from '../../core/people-store.ts';
import type { Team } from '../../core/profile.ts';
import { foundedPeople, type PeopleDifference, peopleDifference } from '../people-difference.ts';
import { recordChange } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import { findPeople } from './people-reads.ts';
import { invitationRow, memberRow } from './people-rows.ts';
import { insertTeam } from './profile-scripts.ts';
import { ask, type Script } from './script.ts';

export function* foundTeam(db: QueryBuilder, team: Team, owner: Member, author: AuditAuthor): Script<void> {
  const people = foundedPeople(team, owner);
  yield* insertTeam(db, team);
  yield* ask(db.insertInto('members').values(memberRow(owner)));
  for (const change of peopleChangesOf(null, people)) {
    yield* recordChange(db, team.id, author, change, Math.max(team.createdAt, owner.since));
  }
}

export function* changePeople<Result>(
  db: QueryBuilder,
  teamId: string,
  author: AuditAuthor,
  decide: (people: TeamPeople) => PeopleChange<Result>,
): Script<ProfileChangeOutcome<Result>> {
  // Whoever changes people holds the row of their team: of two who take away the last two owners, the second sees what the first did.
  const held = db.selectFrom('teams').select('id').where('id', '=', teamId);
  yield* ask(held.forNoKeyUpdate());
  const before = yield* findPeople(db, teamId);
  if (before === null) return { kind: 'not_found' };
  const { people: after, result } = decide(before);
  if (after !== null) yield* putPeople(db, before, after, author);
  return { kind: 'decided', result };
}

/** Writes and records what differs. */
export function* putPeople(db: QueryBuilder, before: TeamPeople, after: TeamPeople, author: AuditAuthor): Script<void> {
  const difference = peopleDifference(before, after);
  if (difference === null) return;
  yield* writeTeam(db, before.team.id, difference);
  yield* writeInvitations(db, difference);
  for (const change of peopleChangesOf(before, after)) {
    yield* recordChange(db, before.team.id, author, change, difference.at);
  }
}

function* writeTeam(
  db: QueryBuilder,
  teamId: string,
  { name, newMembers, changedMembers, removedMembers }: PeopleDifference,
): Script<void> {
  if (name !== null) yield* ask(db.updateTable('teams').set({ name }).where('id', '=', teamId));
  for (const personId of removedMembers) {
    yield* ask(db.deleteFrom('members').where('team_id', '=', teamId).where('person_id', '=', personId));
  }
  for (const { personId, role } of changedMembers) {
    const member = db.updateTable('members').set({ role }).where('team_id', '=', teamId);
    yield* ask(member.where('person_id', '=', personId));
  }
  for (const member of newMembers) yield* ask(db.insertInto('members').values(memberRow(member)));
}

function* writeInvitations(db: QueryBuilder, { newInvitations, endedInvitations }: PeopleDifference): Script<void> {
  for (const { id, acceptedAt, acceptedBy, revokedAt } of endedInvitations) {
    const ends = { accepted_at: acceptedAt, accepted_by: acceptedBy, revoked_at: revokedAt };
    yield* ask(db.updateTable('invitations').set(ends).where('id', '=', id));
  }
  for (const invitation of newInvitations) yield* ask(db.insertInto('invitations').values(invitationRow(invitation)));
}

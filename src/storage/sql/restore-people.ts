import type { TeamPeople } from '../../core/membership.ts';
import { type KnownPeople, restoredPeople } from '../../core/restore.ts';
import { greatestTime } from './change-log.ts';
import type { QueryBuilder } from './dialect.ts';
import { findPeople } from './people-reads.ts';
import { invitationFromRow } from './people-rows.ts';
import { putPeople } from './people-scripts.ts';
import { restoredAt } from './restore-scripts.ts';
import { ask, type Script } from './script.ts';

/** What the replaced database knows of the people of a team; `null` when it does not know the team. */
export function* knownPeople(db: QueryBuilder, teamId: string): Script<KnownPeople | null> {
  const people = yield* findPeople(db, teamId);
  if (people === null) return null;
  const ended = db
    .selectFrom('invitations')
    .selectAll()
    .where('team_id', '=', teamId)
    .where((where) => where.or([where('accepted_at', 'is not', null), where('revoked_at', 'is not', null)]));
  const endedInvitations = (yield* ask(ended)).map(invitationFromRow);
  return { members: people.members, endedInvitations, time: yield* greatestTime(db) };
}

/**
 * Takes into a restored database what the replaced one knows of the people of a team. Returns the ids of those who are no members any
 * more, or have another role than in the backup.
 */
export function* takeOverPeople(
  db: QueryBuilder,
  backup: TeamPeople,
  known: KnownPeople,
  at: number,
): Script<readonly string[]> {
  const restored = restoredPeople(backup, known);
  yield* putPeople(db, backup, restored, restoredAt(at));
  const roles = new Map(restored.members.map(({ personId, role }) => [personId, role]));
  return backup.members.filter(({ personId, role }) => roles.get(personId) !== role).map(({ personId }) => personId);
}

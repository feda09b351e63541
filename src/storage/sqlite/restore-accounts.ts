import type { AuditedChange } from '../../core/audit.ts';
import { recordChange } from '../sql/change-log.ts';
import type { QueryBuilder } from '../sql/dialect.ts';
import { teamsOf } from '../sql/people-reads.ts';
import { restoredAt } from '../sql/restore-scripts.ts';
import { ask, type Script } from '../sql/script.ts';

/** What a restore has to know of the tables of accounts, which are there once a server with accounts has run. */
type AccountTables = {
  sqlite_schema: { type: string; name: string };
  auth_account: { providerId: string; accountId: string; userId: string; password: string | null };
  auth_session: { userId: string };
  auth_verification: { id: string };
  auth_device_code: { id: string };
};

/** The hash of the password of an account; `null` for an account without one. */
export interface AccountPassword {
  readonly providerId: string;
  readonly accountId: string;
  readonly password: string | null;
}

export function* accountPasswords(db: QueryBuilder): Script<readonly AccountPassword[]> {
  if (!(yield* hasTable(db, 'auth_account'))) return [];
  const accounts = db.withTables<AccountTables>().selectFrom('auth_account');
  return yield* ask(accounts.select(['providerId', 'accountId', 'password']));
}

/** Gives each account of a restored database the password that the replaced one has for it: one that was changed since is known to somebody. */
export function* takeOverPasswords(db: QueryBuilder, passwords: readonly AccountPassword[], at: number): Script<void> {
  if (!(yield* hasTable(db, 'auth_account'))) return;
  const tables = db.withTables<AccountTables>();
  const present = new Map(passwords.map(({ password, ...account }) => [placeOf(account), password]));
  for (const { userId, password, ...account } of yield* ask(tables.selectFrom('auth_account').selectAll())) {
    const current = present.get(placeOf(account));
    if (current === undefined || current === password) continue;
    const changed = tables.updateTable('auth_account').set({ password: current });
    yield* ask(changed.where('providerId', '=', account.providerId).where('accountId', '=', account.accountId));
    const facts = { before: { password: 'of the backup' }, after: { password: 'of the replaced database' } };
    yield* recordForPerson(db, userId, { action: 'person.password', ...facts }, at);
  }
}

/**
 * Ends every session of a restored database, and whatever else lets somebody in without a password: nobody knows which were ended since.
 * Returns the number of sessions.
 */
export function* endSessions(db: QueryBuilder, at: number): Script<number> {
  const tables = db.withTables<AccountTables>();
  for (const table of ['auth_verification', 'auth_device_code'] as const) {
    if (yield* hasTable(db, table)) yield* ask(tables.deleteFrom(table));
  }
  if (!(yield* hasTable(db, 'auth_session'))) return 0;
  const counted = tables.selectFrom('auth_session').select(['userId', tables.fn.countAll<number>().as('sessions')]);
  const persons = yield* ask(counted.groupBy('userId').orderBy('userId'));
  yield* ask(tables.deleteFrom('auth_session'));
  for (const { userId, sessions } of persons) {
    yield* recordForPerson(db, userId, { action: 'session.end', before: { sessions }, after: { sessions: 0 } }, at);
  }
  return persons.reduce((sum, { sessions }) => sum + sessions, 0);
}

/** In the audit log of each team that the person is in. */
function* recordForPerson(
  db: QueryBuilder,
  personId: string,
  what: Pick<AuditedChange, 'action' | 'before' | 'after'>,
  at: number,
): Script<void> {
  const change: AuditedChange = { ...what, subjectKind: 'person', subjectId: personId, profileId: null };
  for (const { team } of yield* teamsOf(db, personId)) yield* recordChange(db, team.id, restoredAt(at), change, at);
}

function* hasTable(db: QueryBuilder, name: keyof AccountTables): Script<boolean> {
  const schema = db.withTables<AccountTables>().selectFrom('sqlite_schema').select('name');
  return (yield* ask(schema.where('type', '=', 'table').where('name', '=', name))).length > 0;
}

function placeOf({ providerId, accountId }: Omit<AccountPassword, 'password'>): string {
  return JSON.stringify([providerId, accountId]);
}

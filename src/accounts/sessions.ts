import { Kysely } from 'kysely';
import {
  type AccountSession,
  type Accounts,
  type Origin,
  type Person,
  SESSION_CREDENTIAL_PATTERN,
} from '../core/accounts.ts';
import { DAY_MS } from '../core/clock.ts';
import { hashOfToken, newToken } from '../core/token.ts';
import type { AccountsDatabase, Auth, AuthParts } from './auth.ts';
import { type PersonRow, personOf } from './people.ts';

const UNUSED_MS = 30 * DAY_MS;
const LONGEST_MS = 180 * DAY_MS;
/** A session is extended, which is a write, no more often than this. */
const EXTENDED_EVERY_MS = DAY_MS;

/** Of one person: who starts more loses those that were not used for longest. */
const MOST_SESSIONS = 500;
/** More than that, since some may start at once; better-auth would cut at 100. */
const MOST_LISTED = 2 * MOST_SESSIONS;
const REMOVED_AT_ONCE = 20;

interface SessionRow {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly createdAt: Date;
  /** Its last use, to the day. */
  readonly updatedAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress?: string | null | undefined;
  readonly userAgent?: string | null | undefined;
}

export interface Sessions
  extends Pick<Accounts, 'startSession' | 'findSession' | 'listSessions' | 'endSession' | 'endSessions'> {
  /** Ends a session that better-auth has started by itself, which nobody was told of and no credential opens, and says whose it was. */
  discard(token: string): Promise<Person>;
}

/**
 * Sessions in better-auth's table, with the SHA-256 of the credential in the column that it has for the credential. They end 30 days
 * after their last use and 180 days after their start at the latest, by the clock that is passed in.
 */
export function createSessions(
  { adapter, internalAdapter }: Awaited<Auth['$context']>,
  { database, clock, fillRandom }: Pick<AuthParts, 'database' | 'clock' | 'fillRandom'>,
): Sessions {
  const sessionWithPerson = sessionReader(database);
  const fresh = (credential: string, { ip, agent }: Origin) => {
    const now = clock.now();
    const times = { createdAt: new Date(now), updatedAt: new Date(now), expiresAt: new Date(now + UNUSED_MS) };
    return { token: hashOfToken(credential), ipAddress: ip, userAgent: agent, ...times };
  };

  /** `null` when it was ended meanwhile. */
  const extended = async (row: SessionRow): Promise<SessionRow | null> => {
    const now = clock.now();
    if (now - row.updatedAt.getTime() < EXTENDED_EVERY_MS) return row;
    const expiresAt = new Date(Math.min(now + UNUSED_MS, row.createdAt.getTime() + LONGEST_MS));
    const where = [{ field: 'id', value: row.id }];
    return adapter.update<SessionRow>({ model: 'session', where, update: { updatedAt: new Date(now), expiresAt } });
  };

  const removeExpired = (personId: string) =>
    adapter.deleteMany({
      model: 'session',
      where: [
        { field: 'userId', value: personId },
        { field: 'expiresAt', operator: 'lte', value: new Date(clock.now()) },
      ],
    });

  /** Makes room for one more. */
  const removeUnused = async (personId: string): Promise<void> => {
    const rows = await adapter.findMany<SessionRow>({
      model: 'session',
      where: [{ field: 'userId', value: personId }],
      sortBy: { field: 'updatedAt', direction: 'desc' },
      offset: MOST_SESSIONS - 1,
      limit: REMOVED_AT_ONCE,
    });
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await adapter.deleteMany({ model: 'session', where: [{ field: 'id', operator: 'in', value: ids }] });
  };

  /** Whoever ends a session wants nobody in by what that session let in, and a device that was let in may not have asked yet. */
  const forgetApprovals = (personId: string) =>
    adapter.deleteMany({
      model: 'deviceCode',
      where: [
        { field: 'userId', value: personId },
        { field: 'status', value: 'approved' },
      ],
    });

  return {
    async startSession(personId, origin) {
      await removeExpired(personId);
      await removeUnused(personId);
      const credential = `okt_${newToken(fillRandom)}`;
      const row = await internalAdapter.createSession(personId, false, fresh(credential, origin), true);
      return { session: sessionOf(row), credential };
    },
    async discard(token) {
      const found = await internalAdapter.findSession(token);
      if (found === null) throw new Error('A session ended before it was discarded.');
      await internalAdapter.deleteSession(token);
      return personOf(found.user);
    },
    async findSession(credential) {
      if (!SESSION_CREDENTIAL_PATTERN.test(credential)) return null;
      const found = await sessionWithPerson(hashOfToken(credential));
      if (found === null || found.session.expiresAt.getTime() <= clock.now()) return null;
      const row = await extended(found.session);
      return row && { session: sessionOf(row), person: found.person };
    },
    async listSessions(personId) {
      const rows = await adapter.findMany<SessionRow>({
        model: 'session',
        where: [
          { field: 'userId', value: personId },
          { field: 'expiresAt', operator: 'gt', value: new Date(clock.now()) },
        ],
        sortBy: { field: 'createdAt', direction: 'desc' },
        limit: MOST_LISTED,
      });
      return rows.map(sessionOf);
    },
    async endSession(personId, sessionId) {
      await forgetApprovals(personId);
      const where = [
        { field: 'id', value: sessionId },
        { field: 'userId', value: personId },
      ];
      return (await adapter.deleteMany({ model: 'session', where })) > 0;
    },
    async endSessions(personId, exceptSessionId) {
      await forgetApprovals(personId);
      const others = { field: 'id', operator: 'ne', value: exceptSessionId } as const;
      const where = [{ field: 'userId', value: personId }, ...(exceptSessionId === null ? [] : [others])];
      return adapter.deleteMany({ model: 'session', where });
    },
  };
}

/** Columns of better-auth. Where a database has no type for dates, it writes them as text (ISO 8601). */
interface SessionTables {
  readonly auth_session: Omit<SessionRow, 'createdAt' | 'updatedAt' | 'expiresAt'> & {
    readonly [Column in 'createdAt' | 'updatedAt' | 'expiresAt']: Date | string;
  };
  readonly auth_user: PersonRow;
}

/** A session and whose it is, by what stands in the column for its credential: asked for with each request, so it is a statement of its own, compiled once. */
function sessionReader({ dialect }: AccountsDatabase) {
  const db = new Kysely<SessionTables>({ dialect });
  const byToken = db
    .selectFrom('auth_session as s')
    .innerJoin('auth_user as u', 'u.id', 's.userId')
    .where('s.token', '=', '')
    .select(['s.id', 's.token', 's.userId', 's.createdAt', 's.updatedAt', 's.expiresAt', 's.ipAddress', 's.userAgent'])
    .select(['u.email', 'u.name'])
    .compile();
  return async (token: string): Promise<{ readonly session: SessionRow; readonly person: Person } | null> => {
    const [row] = (await db.executeQuery({ ...byToken, parameters: [token] } as typeof byToken)).rows;
    if (row === undefined) return null;
    const { email, name, createdAt, updatedAt, expiresAt, ...session } = row;
    const times = { createdAt: new Date(createdAt), updatedAt: new Date(updatedAt), expiresAt: new Date(expiresAt) };
    return { session: { ...session, ...times }, person: personOf({ id: row.userId, email, name }) };
  };
}

function sessionOf({ id, userId, createdAt, updatedAt, expiresAt, ipAddress, userAgent }: SessionRow): AccountSession {
  return {
    id,
    personId: userId,
    createdAt: createdAt.getTime(),
    usedAt: updatedAt.getTime(),
    expiresAt: expiresAt.getTime(),
    ip: ipAddress ?? '',
    agent: userAgent ?? '',
  };
}

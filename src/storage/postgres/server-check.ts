import { OutkitError } from '../../core/errors.ts';

/** What a connection finds at its other end. */
export interface ServerFacts {
  /** As `server_version_num`: 150020 is 15.20. */
  readonly version: number;
  readonly is_standby: boolean;
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly encoding: string;
  /** Of the server process that answers. */
  readonly pid: number;
}

export const FACTS = `select
  current_setting('server_version_num')::int as version,
  pg_is_in_recovery() as is_standby,
  current_setting('fsync') as fsync,
  current_setting('full_page_writes') as full_page_writes,
  current_setting('synchronous_commit') as synchronous_commit,
  current_setting('server_encoding') as encoding,
  pg_backend_pid() as pid`;

/** The oldest that its makers still mend, and the oldest that the tests run on. */
const OLDEST_VERSION = 150_000;

/**
 * Why a server must not keep what revokes keys; `null` when it may. `greetedBy` is the process that said at the start of the connection
 * that it would serve it: where another one answers, somebody stands between who hands statements to whoever is free.
 */
export function refusalOf(facts: ServerFacts, greetedBy: number | null): OutkitError | null {
  if (facts.version < OLDEST_VERSION) {
    return refusal('The PostgreSQL server is too old.', 'Take version 15 or newer.');
  }
  if (facts.is_standby) {
    return refusal(
      'The PostgreSQL server is a standby: it lags behind, and takes no changes.',
      'Name the primary in the database URL.',
    );
  }
  if (facts.pid !== greetedBy) {
    return refusal(
      'A connection pooler stands before the PostgreSQL server, and what is set or locked through it belongs to nobody.',
      'Name the server itself in the database URL: Outkit keeps a small pool of its own.',
    );
  }
  if (facts.encoding !== 'UTF8') {
    return refusal('The database is not encoded in UTF8.', 'Create it with: createdb -E UTF8 -T template0');
  }
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'] as const) {
    if (facts[setting] === 'on') continue;
    return refusal(
      `The PostgreSQL server has ${setting} off: after a crash a revoked key could be valid again.`,
      `Set ${setting} = on in postgresql.conf, and reload the server.`,
    );
  }
  return null;
}

export function refusal(message: string, hint: string, cause?: unknown): OutkitError {
  return new OutkitError('database_server', message, hint, { cause });
}

import { DatabaseSync } from 'node:sqlite';
import { EVENTS_A_SEGMENT } from '../../src/storage/sql/event-segments.ts';
import { aProfile } from '../../test/key-builder.ts';

export interface Sizes {
  readonly keys: number;
  /** Of them, those of the profile that is looked at. */
  readonly ownKeys: number;
  readonly profiles: number;
  readonly events: number;
}

const HOURS_OF_USAGE = 3;
/** Of the key whose statistics are asked for: 30 days. */
const HOURS_OF_FIRST_KEY = 720;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Ids have no 0 and no 1. */
const idOf = (prefix: string, number: string) =>
  `'${prefix}_' || replace(replace(printf('%016d', ${number}), '0', 'a'), '1', 'b')`;

/** Fills the database of a server that is not running, by SQL: what commands would have made of it, without their log of changes. */
export function fill(databaseFile: string, { keys, ownKeys, profiles, events }: Sizes): void {
  const { id: profileId, teamId } = aProfile();
  const now = Date.now();
  const hour = now - (now % HOUR_MS);
  const key = idOf('key', `n * 7919 % ${keys} + 10`);
  // Keys of the profile that is looked at first, then the others in turn.
  const profile = `case when n < ${ownKeys} then '${profileId}' else ${idOf('prof', `n % ${profiles} + 10`)} end`;
  const database = new DatabaseSync(databaseFile, { enableForeignKeyConstraints: false });
  const indexes = database
    .prepare("select name, sql from sqlite_schema where type = 'index' and sql is not null")
    .all() as unknown as readonly { name: string; sql: string }[];
  database.exec('pragma synchronous = off; pragma cache_size = -200000');
  for (const { name } of indexes) database.exec(`drop index ${name}`);
  const insert = (table: string, count: number, values: string) =>
    database.exec(`with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n + 1 < ${count})
      insert into ${table} select ${values} from numbers`);
  insert(
    'profiles',
    profiles,
    `${idOf('prof', 'n + 10')}, '${teamId}', 'profile ' || n, 'pro', '{}', ${now} + n, null`,
  );
  insert(
    'keys',
    keys,
    `${idOf('key', 'n + 10')}, '${teamId}', ${profile}, 'key ' || n, 'production', null, null, ${now - 30 * DAY_MS} + n, 'bench', null, null, null, 1`,
  );
  insert(
    'key_secrets',
    keys,
    `randomblob(32), ${idOf('key', 'n + 10')}, 1, 'okp_aaaa', ${now - 30 * DAY_MS} + n, null, null, null, '${'0'.repeat(64)}'`,
  );
  insert(
    `usage (key_id, hour, secret_ordinal, in_grace, served, client_errors, server_errors, rate_limited)`,
    keys * HOURS_OF_USAGE,
    `${idOf('key', `n / ${HOURS_OF_USAGE} + 10`)}, ${hour} - (n % ${HOURS_OF_USAGE}) * ${HOUR_MS}, 1, 0, 5, 1, 0, 0`,
  );
  const first = idOf('key', '10');
  insert(
    'usage (key_id, hour, secret_ordinal, in_grace, served, client_errors, server_errors, rate_limited)',
    HOURS_OF_FIRST_KEY - HOURS_OF_USAGE,
    `${first}, ${hour} - (n + ${HOURS_OF_USAGE}) * ${HOUR_MS}, 1, 0, 5, 1, 0, 0`,
  );
  const event = `json_array(${now - DAY_MS} + n / 1000, '${profileId}', ${key}, 'key', 'okp_aaaa', 'req_' || n, 'POST', '/render/enhance', 200, 'accepted', 900, 3, 500, 900, '203.0.113.7', 'bench', 1, json('false'))`;
  database.exec(`with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n + 1 < ${events})
    insert into event_segments (last_seq, first_seq, events)
      select max(n) + 1, min(n) + 1, json_group_array(${event}) from numbers group by n / ${EVENTS_A_SEGMENT};
    insert into segment_profiles (profile_id, last_seq) select '${profileId}', last_seq from event_segments;
    insert into segment_keys (key_id, last_seq)
      select distinct value ->> 2, last_seq from event_segments, json_each(events)`);
  database.exec(`update event_log set seq = ${events}, kept = ${events}`);
  for (const { sql } of indexes) database.exec(sql);
  database.exec('analyze');
  database.close();
}

import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { eventsOf, sampleEvent } from '../../../../test/contract/event-store/samples.ts';
import { ODD_TEXTS, PROFILE, sampleKey } from '../../../../test/contract/key-store/samples.ts';
import { PostgresDatabase } from '../../../../test/postgres-database.ts';
import type { RenderEvent } from '../../../core/render-event.ts';
import { postgresDialect } from '../../postgres/postgres-dialect.ts';
import { PostgresExecutor } from '../../postgres/postgres-executor.ts';
import { MIGRATING, openPool } from '../../postgres/postgres-pool.ts';
import { sqliteDialect } from '../../sqlite/sqlite-dialect.ts';
import { SqliteExecutor } from '../../sqlite/sqlite-executor.ts';
import type { SqlDialect } from '../dialect.ts';
import { MIGRATIONS, migrate } from '../migrations.ts';
import type { Executor, Script } from '../script.ts';
import { SqlKeyStore } from '../sql-key-store.ts';

const [KEY, OTHER_KEY] = [sampleKey(1).id, sampleKey(2).id];
/** Numbers 1 and 2 were removed, and a restore skipped some. */
const SEQS = [...Array.from({ length: 700 }, (_, number) => number + 3), ...[2_001, 2_002, 2_003]];
const LAST = SEQS.length - 1;

function eventAt(index: number): RenderEvent {
  const text = ODD_TEXTS[index % ODD_TEXTS.length] as string;
  if (index === LAST) return sampleEvent(index, { keyId: OTHER_KEY, isInterrupted: true, blocks: null, count: 7 });
  return sampleEvent(index, { at: 2 ** 52 + index, agent: text, keyName: text });
}

/** A row of the table as it was: no value has to be quoted but for its quotes. */
function inserted(event: RenderEvent, seq: number): string {
  const values = [seq, ...Object.values(inOrder(event))].map((value) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(Number.isNaN(value) ? 0 : value),
  );
  return `insert into render_events values (${values.join(', ')})`;
}

function inOrder(event: RenderEvent) {
  const { at, profileId, keyId, keyName, start, requestId, method, path, status, verdict, durationUs } = event;
  const { blocks, bytesIn, bytesOut, ip, agent, count, isInterrupted } = event;
  const names = { at, profileId, keyId, keyName, start, requestId, method, path, status, verdict, durationUs };
  return { ...names, blocks, bytesIn, bytesOut, ip, agent, count, isInterrupted: isInterrupted ? 1 : 0 };
}

function* before(dialect: SqlDialect): Script<void> {
  yield* migrate(dialect, MIGRATIONS.slice(0, 7));
  const statements = [
    `insert into teams values ('t', 'T', 1)`,
    `insert into profiles values ('${PROFILE.id}', 't', 'P', 'pro', '{}', 1, null)`,
    ...[KEY, OTHER_KEY].map(
      (id) =>
        `insert into keys values ('${id}', 't', '${PROFILE.id}', 'n', 'production', null, null, 1, 'me', null, null, null, 1)`,
    ),
    ...SEQS.map((seq, index) => inserted(eventAt(index), seq)),
    `update event_log set seq = 2003, pruned_seq = 2, kept = ${SEQS.length}`,
  ];
  for (const sql of statements) yield { sql, parameters: [] };
}

const postgres = new PostgresDatabase();
const DATABASES: [name: string, dialect: SqlDialect, open: () => Executor][] = [
  ['SQLite', sqliteDialect, () => new SqliteExecutor(new DatabaseSync(':memory:'))],
  ['PostgreSQL', postgresDialect, () => new PostgresExecutor(openPool(postgres.url, MIGRATING))],
];

test.each(DATABASES)(
  'events that %s kept in a row each stay as they were, in their places',
  async (_name, dialect, open) => {
    const executor = open();
    const store = new SqlKeyStore(executor, dialect);
    try {
      await executor.write(before(dialect));
      await executor.write(migrate(dialect));
      const all = SEQS.map((seq, index) => ({ ...eventAt(index), seq }));
      expect(await store.listEvents(eventsOf({ after: 0, limit: 1_000 }))).toEqual(all);
      expect(await store.listEvents(eventsOf({ before: 2_003, limit: 10 }))).toEqual(all.slice(-11, -1).reverse());
      expect(await store.listEvents(eventsOf({ keyId: OTHER_KEY }))).toEqual(all.slice(-1));
      expect(await store.pruneEvents(0, 2, 1_000)).toBe(SEQS.length - 2);
      expect(await store.listEvents(eventsOf({ after: 0 }))).toEqual(all.slice(-2));
    } finally {
      await store.close();
    }
  },
);

import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { sqliteDialect } from '../../sqlite/sqlite-dialect.ts';
import { SqliteExecutor } from '../../sqlite/sqlite-executor.ts';
import { MIGRATIONS, migrate } from '../migrations.ts';
import { SqlKeyStore } from '../sql-key-store.ts';

test('refusals that were counted before keep their sum, under what became of the key', async () => {
  const database = new DatabaseSync(':memory:');
  const executor = new SqliteExecutor(database);
  await executor.write(migrate(sqliteDialect, MIGRATIONS.slice(0, 3)));
  database.exec(`
    update change_clock set at = 9000;
    insert into teams values ('t', 'T', 1);
    insert into profiles values ('p', 't', 'P', 'pro', '{}', 1, null), ('old', 't', 'O', 'pro', '{}', 1, 5);
  `);
  const key = database.prepare(
    `insert into keys values (?, 't', ?, 'n', 'production', null, ?, 1, 'me', ?, null, null, 1)`,
  );
  const usage = database.prepare('insert into usage values (?, 1, 0, 0, 10, 1, 2, 3, 7)');
  const keys: [id: string, profile: string, expiresAt: number | null, revokedAt: number | null][] = [
    ['revoked', 'old', 5, 5],
    ['expired', 'old', 9_000, null],
    ['archived', 'old', 9_001, null],
    ['rotated', 'p', null, null],
  ];
  for (const values of keys) {
    key.run(...values);
    usage.run(values[0]);
  }
  await executor.write(migrate(sqliteDialect));
  const store = new SqlKeyStore(executor, sqliteDialect);
  const none = { revoked: 0, expired: 0, archived: 0, superseded: 0 };
  for (const [id, refusals] of [
    ['revoked', { revoked: 7 }],
    ['expired', { expired: 7 }],
    ['archived', { archived: 7 }],
    ['rotated', { superseded: 7 }],
  ] as const) {
    expect(await store.usageOf(id, 0)).toEqual([
      {
        keyId: id,
        secretOrdinal: 1,
        inGrace: false,
        hour: 0,
        served: 10,
        clientErrors: 1,
        serverErrors: 2,
        rateLimited: 3,
        ...none,
        ...refusals,
        durations: new Map(),
      },
    ]);
  }
  await store.close();
});

import pg from 'pg';
import type { TestContext } from 'vitest';

/** Where tests find a PostgreSQL server. */
export const POSTGRES = process.env['OUTKIT_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Skips a test where there is no server to make a database on; where there has to be one, the test fails. */
export async function needPostgres({ skip }: TestContext): Promise<void> {
  const client = new pg.Client({ connectionString: POSTGRES, connectionTimeoutMillis: 3_000 });
  try {
    await client.connect();
    await client.end();
  } catch (error) {
    const reason = `there is no PostgreSQL server at OUTKIT_TEST_POSTGRES: ${error instanceof Error ? error.message : error}`;
    if (process.env['OUTKIT_REQUIRE_SERVICES'] === '1') throw new Error(reason);
    skip(reason);
  }
}

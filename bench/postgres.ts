import { randomBytes } from 'node:crypto';
import pg from 'pg';

const SERVER = process.env['OUTKIT_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** A database of the bench's own on the PostgreSQL server at OUTKIT_TEST_POSTGRES; `null` when there is no server. */
export async function postgresDatabase(): Promise<{ readonly url: string; drop(): Promise<void> } | null> {
  const name = `outkit_bench_${randomBytes(6).toString('hex')}`;
  try {
    await query(`create database ${name} encoding 'UTF8' locale 'C' template template0`);
  } catch {
    return null;
  }
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => query(`drop database ${name} with (force)`) };
}

async function query(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, type TestContext } from 'vitest';
import { openPostgresStore } from '../src/storage/postgres/open-postgres-store.ts';
import type { OpenedStore } from './contract/key-store.ts';

const SERVER = process.env['OUTKIT_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Back to how the migrations leave it. Quicker than a new database, and than `truncate`, which makes new files. */
const EMPTY = `
  ${['barriers', 'gateways', 'audit', 'changes', 'event_segments', 'segment_keys', 'segment_profiles', 'usage_journals', 'usage', 'key_last_used', 'key_secrets', 'keys', 'profiles', 'members', 'invitations', 'teams'].map((table) => `delete from ${table};`).join('\n  ')}
  update change_clock set seq = 0, at = 0;
  update event_log set seq = 0, pruned_seq = 0, kept = 0;`;

/** A database with a name of its own for the tests of a file, which are skipped without a server; where there has to be one, they fail. */
export class PostgresDatabase {
  readonly url: string;
  readonly #name = `outkit_test_${randomBytes(6).toString('hex')}`;
  #missing: string | null = null;

  constructor() {
    const url = new URL(SERVER);
    url.pathname = `/${this.#name}`;
    this.url = url.href;
    beforeAll(async () => {
      this.#missing = await reasonWithoutServer();
      if (this.#missing === null) await this.create();
    });
    beforeEach(({ skip }: TestContext) => {
      if (this.#missing === null) return;
      if (process.env['OUTKIT_REQUIRE_SERVICES'] === '1') throw new Error(this.#missing);
      skip(this.#missing);
    });
    afterAll(async () => {
      if (this.#missing === null) await this.drop();
    });
  }

  /** Known when the hooks of the file run. */
  get isThere(): boolean {
    return this.#missing === null;
  }

  /** As `createdb` makes it: without a table. */
  async create(encoding = 'UTF8'): Promise<void> {
    await run(SERVER, `create database ${this.#name} encoding '${encoding}' locale 'C' template template0`);
  }

  /** Cuts off whoever is connected. */
  async drop(): Promise<void> {
    await run(SERVER, `drop database if exists ${this.#name} with (force)`);
  }

  /** One statement, or several, past the store. Resolves to the rows of one. */
  query<Row>(sql: string): Promise<Row[]> {
    return run(this.url, sql) as Promise<Row[]>;
  }

  /** An empty store, for a contract. */
  async open(): Promise<OpenedStore> {
    let store = await openPostgresStore(this.url);
    await this.query(EMPTY);
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await openPostgresStore(this.url);
        return store;
      },
      cleanup: () => store.close(),
    };
  }
}

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function reasonWithoutServer(): Promise<string | null> {
  try {
    await run(SERVER, 'select 1');
    return null;
  } catch (error) {
    return `there is no PostgreSQL server at OUTKIT_TEST_POSTGRES: ${error instanceof Error ? error.message : error}`;
  }
}

import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** A database with a name of its own on a real server, and the processes of that server which serve it. */
export class SoakDatabase {
  readonly url: string;
  readonly #serverUrl: string;
  readonly #name = `outkit_soak_${randomBytes(6).toString('hex')}`;

  private constructor(serverUrl: string) {
    this.#serverUrl = serverUrl;
    const url = new URL(serverUrl);
    url.pathname = `/${this.#name}`;
    this.url = url.href;
  }

  static async create(serverUrl: string): Promise<SoakDatabase> {
    const database = new SoakDatabase(serverUrl);
    await database.#run(`create database ${database.#name} encoding 'UTF8' locale 'C' template template0`);
    return database;
  }

  /** Process ids of those who serve the connections of gateways. */
  async backends(): Promise<readonly number[]> {
    const rows = await this.#run<{ pid: number }>(`select pid from pg_stat_activity where datname = '${this.#name}'`);
    return rows.map(({ pid }) => pid);
  }

  async terminate(backends: readonly number[]): Promise<void> {
    for (const pid of backends) await this.#run(`select pg_terminate_backend(${pid})`);
  }

  /** Cuts off whoever is connected. */
  async drop(): Promise<void> {
    await this.#run(`drop database if exists ${this.#name} with (force)`);
  }

  async #run<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.#serverUrl, connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

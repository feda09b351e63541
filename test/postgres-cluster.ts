import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { onTestFinished, type TestContext } from 'vitest';
import { freePort } from './free-port.ts';

/** Where Debian keeps them, out of the search path. */
const DEBIAN = '/usr/lib/postgresql';

/** A PostgreSQL server of the test's own. It listens on a port of loopback, and is gone with all its data when the test ends. */
export class PostgresCluster {
  readonly #directory: string;
  readonly #port: number;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.#port = port;
  }

  /** Skips the test where the programs of a server are missing; where they have to be there, the test fails. */
  static async start({ skip }: TestContext, settings: readonly string[] = []): Promise<PostgresCluster> {
    const programs = programDirectory();
    if (programs === null) {
      const reason = 'there is no initdb: apt-get install postgresql';
      if (process.env['OUTKIT_REQUIRE_SERVICES'] === '1') throw new Error(reason);
      return skip(reason);
    }
    const cluster = new PostgresCluster(newDirectory(), await freePort());
    const asked = ['--pgdata', cluster.#data, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
    await runProgram('initdb', [...asked, '--no-sync']);
    await cluster.#serve(settings);
    return cluster;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres`;
  }

  get #data(): string {
    return join(this.#directory, 'data');
  }

  /** A server that follows this one. */
  async standby(): Promise<PostgresCluster> {
    const standby = new PostgresCluster(newDirectory(), await freePort());
    const asked = ['--pgdata', standby.#data, '--dbname', this.url, '--write-recovery-conf', '--checkpoint=fast'];
    await runProgram('pg_basebackup', [...asked, '--no-sync']);
    await standby.#serve([]);
    return standby;
  }

  /** As a standby does whose line to the primary is cut: from now on it learns of no commit. */
  async stopFollowing(): Promise<void> {
    await this.query("alter system set primary_conninfo = ''");
    await this.query('select pg_reload_conf()');
    const followed = 'select count(*)::int as left from pg_stat_wal_receiver';
    while ((await this.query<{ left: number }>(followed))[0]?.left !== 0) await setTimeout(20);
  }

  /** A standby takes over. */
  async promote(): Promise<void> {
    await this.query('select pg_promote()');
  }

  /** Resolves when this standby has all that `primary` has. */
  async catchUp(primary: PostgresCluster): Promise<void> {
    const [position] = await primary.query<{ lsn: string }>('select pg_current_wal_lsn()::text as lsn');
    const reached = `select pg_last_wal_replay_lsn() >= '${position?.lsn}' as reached`;
    while ((await this.query<{ reached: boolean }>(reached))[0]?.reached !== true) await setTimeout(20);
  }

  /** Runs statements past any store, and resolves to the rows of the last. */
  async query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async #serve(settings: readonly string[]): Promise<void> {
    const own = [`port=${this.#port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=20'];
    const args = ['-D', this.#data, ...[...own, ...settings].flatMap((setting) => ['-c', setting])];
    const server = spawn(join(programDirectory() ?? '', 'postgres'), args, { stdio: 'ignore', ...unprivileged() });
    onTestFinished(() => this.#remove(server));
    for (let tries = 0; tries < 200; tries++) {
      const isUp = await this.query('select 1').then(
        () => true,
        () => false,
      );
      if (isUp) return;
      await setTimeout(50);
    }
    throw new Error('the server of the test did not start');
  }

  async #remove(server: ChildProcess): Promise<void> {
    if (server.exitCode === null) {
      server.kill('SIGQUIT');
      await once(server, 'exit');
    }
    rmSync(this.#directory, { recursive: true });
  }
}

function programDirectory(): string | null {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  let packaged: string[] = [];
  try {
    packaged = readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin'));
  } catch {
    // Not a Debian with a server.
  }
  const isThere = (directory: string) => {
    try {
      for (const program of ['initdb', 'postgres', 'pg_basebackup'])
        accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return [...path, ...packaged].find(isThere) ?? null;
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'outkit-cluster-'));
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
  return directory;
}

/** A server does not start as root: then it is run by a user who owns nothing else. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function runProgram(name: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(join(programDirectory() ?? '', name), [...args], unprivileged());
}

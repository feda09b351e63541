import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlaintextSecret } from '../src/core/secret.ts';
import { freePort } from '../test/free-port.ts';
import { aProfile } from '../test/key-builder.ts';
import { GatewayProcess } from '../test/soak/gateway-process.ts';
import { type Prepared, prepareData } from './prepared-data.ts';

export const OUTKIT = fileURLToPath(new URL('../bin/outkit.js', import.meta.url));

const DATA = 'data';
/** One with a million keys on a busy machine takes its time. */
const READY_WITHIN_MS = 600_000;

export interface ServedOptions {
  /** How many people follow and list, each with a session. */
  readonly people: number;
  readonly keys: number;
  /** Puts more into the database before the server opens it. */
  readonly fill?: (databaseFile: string) => void;
  /** Of the server, beside what it cannot do without. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A real `outkit serve` on the embedded database, with people and keys in it, in a temporary directory. */
export class Served {
  readonly url: string;
  readonly profileId = aProfile().id;
  /** Of each person's session, for the control API and for `OUTKIT_TOKEN`. */
  readonly credentials: readonly string[];
  readonly keys: readonly PlaintextSecret[];
  /** Where a command line finds the profile. */
  readonly project: string;
  readonly process: GatewayProcess;
  readonly #directory: string;

  private constructor(directory: string, port: number, prepared: Prepared, env: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${port}`;
    this.credentials = prepared.credentials;
    this.keys = prepared.keys;
    this.project = join(directory, 'app');
    this.#directory = directory;
    this.process = new GatewayProcess({
      name: 'outkit serve',
      port,
      program: [process.execPath, OUTKIT, 'serve'],
      directory,
      readyWithinMs: READY_WITHIN_MS,
      env: {
        ...this.environment,
        OUTKIT_PORT: String(port),
        OUTKIT_SECRET_FILE: 'outkit.secret',
        OUTKIT_DATA_DIR: DATA,
        OUTKIT_LOG_LEVEL: 'error',
        ...env,
      },
    });
  }

  /** Resolves when all is in the database. The server is started with `process.start()`. */
  static async prepare(options: ServedOptions): Promise<Served> {
    const directory = mkdtempSync(join(tmpdir(), 'outkit-bench-'));
    const secret = randomBytes(48).toString('base64');
    writeFileSync(join(directory, 'outkit.secret'), secret, { mode: 0o600 });
    mkdirSync(join(directory, 'app'));
    writeFileSync(join(directory, 'app', 'outkit.json'), JSON.stringify({ profile: aProfile().id }));
    const prepared = await prepareData(join(directory, DATA), secret, options);
    options.fill?.(join(directory, DATA, 'outkit.db'));
    return new Served(directory, await freePort(), prepared, options.env ?? {});
  }

  /** Nothing of this machine but the path. */
  get environment(): Record<string, string> {
    const { PATH = '' } = process.env;
    return { PATH, HOME: this.#directory, TZ: 'UTC', OUTKIT_NO_KEYCHAIN: '1', NO_COLOR: '1', CI: '1' };
  }

  async close(): Promise<void> {
    await this.process.end('SIGTERM');
    rmSync(this.#directory, { recursive: true });
  }
}

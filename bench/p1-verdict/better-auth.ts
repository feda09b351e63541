// better-auth's api-key plugin: `verifyApiKey` with its limit on, over SQLite in a file or over PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { importPeer } from '../peers.ts';
import { serveRounds } from '../rounds.ts';

interface Auth {
  readonly api: {
    signUpEmail(request: { body: object }): Promise<{ user: { id: string } }>;
    createApiKey(request: { body: object }): Promise<{ key: string }>;
    verifyApiKey(request: { body: object }): Promise<{ valid: boolean }>;
  };
  readonly options: object;
}

const KEYS = 200;
const VERIFICATIONS = 200;

const postgresUrl = process.argv[2];
const { betterAuth } = await importPeer<{ betterAuth(options: object): Auth }>('better-auth');
const { apiKey } = await importPeer<{ apiKey(options: object): object }>('@better-auth/api-key');
const { getMigrations } = await importPeer<{
  getMigrations(options: object): Promise<{ runMigrations(): Promise<void> }>;
}>('better-auth/db/migration');
const directory = mkdtempSync(join(tmpdir(), 'outkit-bench-'));
const database = postgresUrl === undefined ? new DatabaseSync(join(directory, 'auth.db')) : await pool(postgresUrl);
if (database instanceof DatabaseSync) database.exec('pragma journal_mode = wal');
const auth = betterAuth({
  database,
  secret: 'a secret of the bench, and of nothing else',
  baseURL: 'http://127.0.0.1',
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  logger: { disabled: true },
  plugins: [apiKey({ rateLimit: { enabled: true, timeWindow: 60_000, maxRequests: 1_000_000 } })],
});
await (await getMigrations(auth.options)).runMigrations();
const { user } = await auth.api.signUpEmail({
  body: { email: 'olga@example.com', password: 'correct horse battery', name: 'Olga' },
});
const keys: string[] = [];
for (let number = 0; number < KEYS; number++) {
  keys.push((await auth.api.createApiKey({ body: { name: `key ${number}`, userId: user.id } })).key);
}

serveRounds(async () => {
  const startedAt = process.hrtime.bigint();
  for (let number = 0; number < VERIFICATIONS; number++) {
    const { valid } = await auth.api.verifyApiKey({ body: { key: keys[(number * 7) % KEYS] } });
    if (!valid) throw new Error('a good key was refused');
  }
  return Number(process.hrtime.bigint() - startedAt) / VERIFICATIONS;
});
process.on('exit', () => rmSync(directory, { recursive: true }));
process.on('disconnect', () => process.exit());

async function pool(url: string): Promise<object> {
  const { default: pg } = await importPeer<{ default: { Pool: new (options: object) => object } }>('pg');
  return new pg.Pool({ connectionString: url });
}

// What people write for themselves: Fastify, a hook that hashes the key and looks it up in SQLite, a limit, and an update for each use.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fastify from 'fastify';
import { componentListings } from '../../src/renderer/components.ts';

const WINDOW_MS = 60_000;
const LIMIT = 1_000_000_000;

const [hash = ''] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'outkit-bench-'));
const database = new DatabaseSync(join(directory, 'keys.db'));
database.exec(`
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table api_keys (
    id integer primary key, hash text unique not null, name text not null, revoked_at integer, expires_at integer,
    last_used_at integer, request_count integer not null default 0
  )`);
database.prepare('insert into api_keys (hash, name) values (?, ?)').run(hash, 'bench');
const find = database.prepare('select id, revoked_at, expires_at from api_keys where hash = ?');
const touch = database.prepare('update api_keys set last_used_at = ?, request_count = request_count + 1 where id = ?');
const windows = new Map<number, { startedAt: number; used: number }>();

const app = fastify();
app.addHook('onRequest', async (request, reply) => {
  const sent = createHash('sha256').update(String(request.headers['x-outkit-api-key'])).digest('hex');
  const key = find.get(sent) as { id: number; revoked_at: number | null; expires_at: number | null } | undefined;
  const now = Date.now();
  if (key === undefined || key.revoked_at !== null || (key.expires_at !== null && key.expires_at <= now)) {
    return reply.code(401).send({ error: 'Unauthorized' });
  }
  const window = windows.get(key.id);
  if (window === undefined || window.startedAt + WINDOW_MS <= now) windows.set(key.id, { startedAt: now, used: 1 });
  else if (++window.used > LIMIT) return reply.code(429).send({ error: 'Too Many Requests' });
  touch.run(now, key.id);
});
app.get('/components', async () => ({ components: componentListings }));
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.((app.server.address() as AddressInfo).port);
process.on('disconnect', () => process.exit());
process.on('exit', () => rmSync(directory, { recursive: true }));

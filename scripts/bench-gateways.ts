/**
 * What gateways cost the database and one another: for 3, 30 and 300 of them in this process, transactions a second on the primary while nothing
 * changes, the time of such a synchronisation, and how long a revoke takes until all have confirmed it; then bytes of memory for each secret that
 * a gateway knows, and the time to find one among 10^3 to 10^6 of them; and the time to look one up in the database, with its size on the disk.
 * `node scripts/bench-gateways.ts [postgres://postgres@127.0.0.1:5432/postgres]`; it makes a database of its own, and removes it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Key } from '../src/core/key.ts';
import { AppliedHints } from '../src/gateway/applied-hints.ts';
import { createAuthenticate } from '../src/gateway/authenticate.ts';
import { waitForGateways } from '../src/gateway/barrier.ts';
import { DatabaseClock } from '../src/gateway/database-clock.ts';
import { GatewaySync } from '../src/gateway/gateway-sync.ts';
import { Lease } from '../src/gateway/lease.ts';
import { LeasedKeyView } from '../src/gateway/leased-key-view.ts';
import { localLimits } from '../src/gateway/rate-limit.ts';
import { openStore } from '../src/storage/open-store.ts';
import { PostgresGatewayStore } from '../src/storage/postgres/postgres-gateway-store.ts';
import { aKey, aProfile, aSecret } from '../test/key-builder.ts';
import { mintedKey } from '../test/minted-key.ts';
import { seededRandom } from '../test/seeded-random.ts';

const REVOKES = 40;
const QUIET_MS = 6_000;

const server = process.argv[2] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const name = `outkit_bench_${randomBytes(6).toString('hex')}`;
const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
const clocks = { monotonicNow: () => performance.now(), wallNow: () => Date.now() };
const author = { actor: 'bench', session: null, client: null, ip: null };

async function query<Row>(address: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
}

const transactions = async () =>
  Number(
    (await query<{ n: string }>(server, `select xact_commit n from pg_stat_database where datname = '${name}'`))[0]?.n,
  );

function quantile(sorted: readonly number[], part: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
}

/** One gateway without its HTTP. They share connections, as 300 machines would not. */
function gateway(store: PostgresGatewayStore, times: number[]) {
  const lease = new Lease(clocks);
  const databaseClock = new DatabaseClock(clocks.monotonicNow);
  const timed: Pick<PostgresGatewayStore, 'register' | 'sync' | 'changes' | 'retire'> = {
    register: (member) => store.register(member),
    changes: (epoch, position, limit) => store.changes(epoch, position, limit),
    retire: (epoch, how) => store.retire(epoch, how),
    async sync(...args) {
      const startedAt = performance.now();
      const answer = await store.sync(...args);
      times.push(performance.now() - startedAt);
      return answer;
    },
  };
  const view = new LeasedKeyView({ store, lease, ...clocks, databaseClock, isAway: () => false });
  const identity = { label: 'bench', version: '1' };
  const fillRandom = (bytes: Uint8Array) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
  const onProblem = (what: string, error: unknown) => console.error(what, error);
  return new GatewaySync({
    store: timed,
    view,
    lease,
    databaseClock,
    identity,
    fillRandom,
    onApplied: () => {},
    onProblem,
  });
}

async function measureGateways(count: number): Promise<void> {
  const store = await openStore(url);
  const judging = new PostgresGatewayStore(url);
  const times: number[] = [];
  const gateways = Array.from({ length: count }, () => gateway(judging, times));
  await Promise.all(gateways.map((sync) => sync.start()));
  await sleep(2_000);
  const [before, startedAt] = [await transactions(), performance.now()];
  times.length = 0;
  await sleep(QUIET_MS);
  const idle = times.toSorted((left, right) => left - right);
  // The statistics of the server are some time behind.
  await sleep(1_500);
  const perSecond = ((await transactions()) - before) / ((performance.now() - startedAt) / 1000);
  const barriers: number[] = [];
  const applied = new AppliedHints();
  for (let number = 0; number < REVOKES; number++) {
    const key: Key = aKey({
      id: `key_${count}_${number}`,
      secrets: [aSecret({ hash: randomBytes(32).toString('hex') })],
    });
    const at = Date.now();
    await store.insertKey(key, { ...author, at });
    await store.change(key.teamId, key.id, { ...author, at }, (found) => ({
      key: { ...found, revokedAt: at, version: 2 },
      result: null,
    }));
    for (const sync of gateways) sync.hint();
    const report = await waitForGateways({ store: judging, applied, monotonicNow: clocks.monotonicNow });
    if (report.confirmed !== count) throw new Error(`only ${report.confirmed} of ${count} confirmed`);
    barriers.push(report.ms);
  }
  barriers.sort((left, right) => left - right);
  console.log(
    `${String(count).padStart(3)} gateways  ${perSecond.toFixed(0)} transactions/s idle, synchronisation p50 ${quantile(idle, 0.5)} ms p99 ${quantile(idle, 0.99)} ms, ` +
      `revoke p50 ${quantile(barriers, 0.5)} ms p99 ${quantile(barriers, 0.99)} ms`,
  );
  await Promise.all(gateways.map((sync) => sync.stop()));
  await judging.close();
  await store.close();
}

/** A view that knows so many secrets, asked for one of them after the other in random order. */
async function measureSecrets(count: number): Promise<void> {
  const random = seededRandom(1);
  const minted = mintedKey(random);
  const lease = new Lease(clocks);
  const databaseClock = new DatabaseClock(clocks.monotonicNow);
  databaseClock.set(performance.now(), Date.now());
  const profile = aProfile();
  const keys = new Map<string, Key>();
  const readSecret = async (hash: string) => {
    const key = keys.get(hash);
    return { seq: 1, databaseTime: Date.now(), found: key === undefined ? null : { key, profile } };
  };
  const view = new LeasedKeyView({
    store: { readSecret },
    lease,
    ...clocks,
    databaseClock,
    isAway: () => false,
    maxEntries: 2 * count + 2,
  });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  lease.extend(lease.stamp());
  const renewal = setInterval(() => lease.extend(lease.stamp()), 500);
  const hashes = Array.from({ length: count }, () => randomBytes(32).toString('hex'));
  hashes[0] = minted.secret.hash;
  for (const [number, hash] of hashes.entries()) {
    lease.extend(lease.stamp());
    keys.set(hash, aKey({ id: `key_${number}`, rateLimitPerMinute: 1_000_000_000, secrets: [aSecret({ hash })] }));
    await view.read(hash, 0);
    keys.delete(hash);
  }
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / count;
  const { monotonicNow } = clocks;
  const authenticate = createAuthenticate({ view, limits: localLimits, clock: databaseClock, monotonicNow });
  const order = Array.from({ length: 100_000 }, () => hashes[Math.floor(Math.random() * count)] as string);
  const runs: number[] = [];
  for (let run = 0; run < 9; run++) {
    lease.extend(lease.stamp());
    const startedAt = performance.now();
    for (const hash of order) view.find(hash);
    runs.push(((performance.now() - startedAt) * 1_000_000) / order.length);
    if (authenticate({ kind: 'presented', text: minted.plaintext }, '127.0.0.1') instanceof Promise)
      throw new Error('not in memory');
  }
  clearInterval(renewal);
  const median = runs.sort((left, right) => left - right)[4] ?? 0;
  console.log(`${String(count).padStart(7)} secrets  ${bytes.toFixed(0)} bytes each, found in ${median.toFixed(0)} ns`);
}

/** So many keys in the database, each with one secret. */
async function measureDatabase(from: number, to: number): Promise<void> {
  const { id: profileId, teamId } = aProfile();
  await query(
    url,
    `insert into keys select 'key_' || i, '${teamId}', '${profileId}', 'key', 'production', null, null, i, 'bench', null, null, null, 1
      from generate_series(${from}, ${to - 1}) i;
    insert into key_secrets select sha256(i::text::bytea), 'key_' || i, 1, 'okp_aaaa', i, null, null, null, repeat('0', 64)
      from generate_series(${from}, ${to - 1}) i;
    analyze`,
  );
  const [size] = await query<{ bytes: string }>(
    url,
    "select sum(pg_total_relation_size(t)) bytes from unnest(array['keys', 'key_secrets']::regclass[]) t",
  );
  const judging = new PostgresGatewayStore(url);
  const times: number[] = [];
  for (let read = 0; read < 300; read++) {
    const hash = createHash('sha256')
      .update(String(Math.floor(Math.random() * to)))
      .digest('hex');
    const startedAt = performance.now();
    if ((await judging.readSecret(hash)).found === null) throw new Error('a key is not there');
    times.push(performance.now() - startedAt);
  }
  await judging.close();
  times.sort((left, right) => left - right);
  const bytes = Number(size?.bytes) / to;
  console.log(
    `${String(to).padStart(7)} keys     ${bytes.toFixed(0)} bytes of disk each, looked up in p50 ${quantile(times, 0.5)} ms p99 ${quantile(times, 0.99)} ms`,
  );
}

await query(server, `create database ${name} encoding 'UTF8' locale 'C' template template0`);
try {
  const store = await openStore(url);
  await store.insertTeam({ id: aProfile().teamId, name: 'Bench', createdAt: 1 });
  await store.insertProfile(aProfile(), { ...author, at: 1 });
  await store.close();
  for (const count of [3, 30, 300]) await measureGateways(count);
  for (const count of [1_000, 10_000, 100_000, 1_000_000]) await measureSecrets(count);
  let from = 0;
  for (const to of [1_000, 10_000, 100_000, 1_000_000]) {
    await measureDatabase(from, to);
    from = to;
  }
} finally {
  await query(server, `drop database ${name} with (force)`);
}

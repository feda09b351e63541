/**
 * What a shared limit costs a request: microseconds for the verdict on a known key with the windows of one process and with those in
 * Redis, one request after the other and 64 at once, and in a process whose Redis is away.
 * `node scripts/bench-limits.ts [redis://127.0.0.1:6379]`; it counts for one key, which Redis forgets after a minute.
 */
import { performance } from 'node:perf_hooks';
import { hashSecret } from '../src/core/secret-hash.ts';
import { createAuthenticate } from '../src/gateway/authenticate.ts';
import { knownSecret } from '../src/gateway/known-key.ts';
import { emptyWindow, localLimits, type RateLimits } from '../src/gateway/rate-limit.ts';
import { openSharedLimits } from '../src/limits/shared-limits.ts';
import { freePort } from '../test/free-port.ts';
import { aKey, aProfile, aSecret } from '../test/key-builder.ts';
import { mintedKey } from '../test/minted-key.ts';
import { seededRandom } from '../test/seeded-random.ts';

const RUNS = 9;
const reports = { onProblem: () => {}, onNotice: () => {} };
const { plaintext } = mintedKey(seededRandom(1));

/** The median of microseconds for each request, of which so many wait at once. */
async function measured(limits: RateLimits, limit: number, atOnce: number): Promise<string> {
  const key = aKey({ id: 'key_bench' });
  const profile = aProfile();
  const known = { ...key, profile, ownLimitPerMinute: limit, window: emptyWindow() };
  const secret = knownSecret(key, aSecret({ hash: hashSecret(plaintext) }), known);
  const read = () => Promise.reject(new Error('asked for what memory has'));
  const find = () => secret;
  const clock = { now: () => Date.now() };
  const authenticate = createAuthenticate({
    view: { find, read },
    limits,
    clock,
    monotonicNow: () => performance.now(),
  });
  const requests = 64 * 100;
  const one = async () => {
    for (let number = 0; number < requests / atOnce; number++) {
      const admitted = authenticate({ kind: 'presented', text: plaintext }, '127.0.0.1');
      if (admitted instanceof Promise) await admitted;
    }
  };
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startedAtMs = performance.now();
    await Promise.all(Array.from({ length: atOnce }, one));
    times.push(((performance.now() - startedAtMs) * 1000) / requests);
  }
  return `${(times.sort((left, right) => left - right)[Math.floor(RUNS / 2)] as number).toFixed(1)} µs`;
}

const UNLIMITED = 1_000_000_000;
const shared = await openSharedLimits(process.argv[2] ?? 'redis://127.0.0.1:6379', reports);
const away = await openSharedLimits(`redis://127.0.0.1:${await freePort()}`, reports);
try {
  if (!shared.facts().isReachable) throw new Error('there is no Redis');
  console.log(`windows of the process             ${await measured(localLimits, UNLIMITED, 1)}`);
  console.log(`shared, one after the other        ${await measured(shared, UNLIMITED, 1)}`);
  console.log(`shared, 64 at once                 ${await measured(shared, UNLIMITED, 64)}`);
  // The window in Redis is full for this limit.
  console.log(`shared, key over its limit         ${await measured(shared, 1, 1)}`);
  console.log(`shared, Redis away                 ${await measured(away, UNLIMITED, 1)}`);
  const { judgedLocally } = shared.facts();
  if (judgedLocally > 0) console.log(`not answered by Redis in time: ${judgedLocally}`);
} finally {
  await Promise.all([shared.close(), away.close()]);
}

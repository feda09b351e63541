import type * as fs from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';
import { TestServer } from '../local-server.ts';
import { seededRandom } from '../seeded-random.ts';

const disk = vi.hoisted(() => ({ syncs: 0, failures: 0 }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    fdatasync(file: number, done: (error: Error | null) => void) {
      disk.syncs += 1;
      if (disk.failures === 0) real.fdatasync(file, done);
      else {
        disk.failures -= 1;
        setImmediate(done, new Error('EIO'));
      }
    },
  };
});

const plaintext = mintSecret('development', seededRandom(5));
let server: TestServer;
let keyId: string;
beforeAll(async () => {
  server = await TestServer.start(async () => {}, 'always');
  const secret = { hash: hashSecret(plaintext), start: startOf(plaintext) };
  const { profileId } = server;
  const wanted = {
    profileId,
    name: 'k',
    environment: 'development',
    rateLimitPerMinute: null,
    expiresAt: null,
  } as const;
  keyId = (await server.keys.create({ ...wanted, secret })).id;
});
afterAll(() => server.stop());

const request = () => fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': plaintext } });

it('with usageSync always, the journal is synced before each answer, and once for those that come together', async () => {
  for (let number = 0; number < 5; number++) {
    const before = disk.syncs;
    expect((await request()).status).toBe(200);
    expect(disk.syncs).toBeGreaterThan(before);
  }
  const before = disk.syncs;
  await Promise.all(Array.from({ length: 40 }, request));
  expect(disk.syncs - before).toBeLessThan(40);
});

it('an answer that cannot be synced becomes 503, is counted as that, and the next ones go through a new journal', async () => {
  const { served } = await server.keys.stats(keyId, DAY_MS);
  disk.failures = 1;
  const refused = await request();
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: 'unavailable' });
  await server.keys.stats(keyId, DAY_MS);
  expect((await request()).status).toBe(200);
  expect(await server.keys.stats(keyId, DAY_MS)).toMatchObject({ served: served + 1, serverErrors: 1 });
  expect(server.problems).toHaveLength(1);
});

import { expect, it } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { waitForGateways } from './barrier.ts';
import { DatabaseClock } from './database-clock.ts';
import { gatewayService } from './gateway-service.ts';
import { GatewaySync } from './gateway-sync.ts';
import { FakeDatabase, World } from './gateway-world.fixture.ts';
import { LEASE_OVER_MS, Lease } from './lease.ts';
import { LeasedKeyView } from './leased-key-view.ts';

const HASH = 'a';

/** A gateway that knows a key, has a lease, and hears nothing of the database from then on. */
async function cutOff() {
  const world = new World(() => 0);
  const database = new FakeDatabase(world);
  database.create(HASH);
  const monotonicNow = () => world.now;
  const owner = {};
  const store = database.for(owner);
  const lease = new Lease({ monotonicNow, wallNow: monotonicNow });
  const databaseClock = new DatabaseClock(monotonicNow);
  const view = new LeasedKeyView({ store, lease, monotonicNow, databaseClock, isAway: () => false });
  const identity = { label: 'gateway-1', version: '1.2.3' };
  const told = { onApplied: () => {}, onProblem: () => {} };
  const sync = new GatewaySync({ store, view, lease, databaseClock, identity, fillRandom: seededRandom(1), ...told });
  await arrived(world, sync.start());
  await arrived(world, view.read(HASH, monotonicNow()));
  world.forget(owner);
  return { world, database, view, epoch: sync.epoch ?? '' };
}

/** Moves what is on its way, and time by a millisecond at each step, until that is done. Resolves to when it was. */
async function arrived(world: World, work: Promise<unknown>): Promise<number> {
  let endedAt: number | null = null;
  void work.then(() => {
    endedAt = world.now;
  });
  while (endedAt === null) {
    while (world.legs > 0) {
      world.move();
      await new Promise(setImmediate);
    }
    world.pass(1);
    await new Promise(setImmediate);
  }
  return endedAt;
}

const timesOf = (world: World) => ({ monotonicNow: () => world.now, sleep: (ms: number) => world.sleep(ms) });

it.each([
  ['while it is evicted, which waits as long', false],
  ['after it was, which waits for nothing', true],
])('a gateway that hears of nothing accepts no key whose revoke returned %s', async (_, isAfter) => {
  const { world, database, view, epoch } = await cutOff();
  const ports = { store: database.for({}), ...timesOf(world) };
  expect(view.find(HASH)).toMatchObject({ hash: HASH });
  const begunAt = world.now;
  const evicting = gatewayService({ ...ports, onNotice: () => {} }).evict(epoch);
  if (isAfter) await arrived(world, evicting);
  const revokedAt = world.now;
  database.revoke(HASH);
  const returnedAt = await arrived(world, waitForGateways({ ...ports, applied: { heard: 0, wait: ports.sleep } }));
  expect(view.find(HASH)).toBeUndefined();
  expect(returnedAt - begunAt).toBeGreaterThanOrEqual(LEASE_OVER_MS);
  if (isAfter) expect(returnedAt - revokedAt).toBeLessThan(10);
  await arrived(world, evicting);
});

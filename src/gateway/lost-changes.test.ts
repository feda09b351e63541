import { expect, it } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { DatabaseClock } from './database-clock.ts';
import { GatewaySync } from './gateway-sync.ts';
import { FakeDatabase, World } from './gateway-world.fixture.ts';
import { Lease } from './lease.ts';
import { LeasedKeyView } from './leased-key-view.ts';

/** A gateway that synchronises when it is told to, and knows the keys `a` and `b`. */
async function knowingGateway() {
  const world = new World(() => 0);
  const database = new FakeDatabase(world);
  database.create('a');
  database.create('b');
  const monotonicNow = () => world.now;
  const store = database.for({});
  const lease = new Lease({ monotonicNow, wallNow: monotonicNow });
  const databaseClock = new DatabaseClock(monotonicNow);
  const view = new LeasedKeyView({ store, lease, monotonicNow, databaseClock, isAway: () => sync.isFailing });
  const problems: string[] = [];
  const sync: GatewaySync = new GatewaySync({
    store,
    view,
    lease,
    databaseClock,
    identity: { label: 'gateway-1', version: '1.2.3' },
    fillRandom: seededRandom(1),
    onApplied: () => {},
    onProblem: (what) => problems.push(what),
  });
  const settle = async () => {
    for (let quiet = 0; quiet < 3; quiet++) {
      await new Promise(setImmediate);
      for (; world.legs > 0; quiet = 0) {
        world.move();
        await new Promise(setImmediate);
      }
    }
  };
  const synchronise = () => {
    sync.hint();
    return settle();
  };
  /** What a request is told that arrives now. */
  const ask = async (hash: string): Promise<string> => {
    const reading = view.read(hash, world.now).then(
      (secret) => (secret === null ? 'unknown' : secret.key.version === 1 ? 'valid' : 'revoked'),
      (error) => error.code,
    );
    await settle();
    return reading;
  };
  const beforeStart = database.copy();
  void sync.start();
  await settle();
  return { database, beforeStart, sync, problems, synchronise, ask };
}

it('a gateway goes on with a copy of the database that has all that it has applied', async () => {
  const { database, synchronise, ask, problems } = await knowingGateway();
  database.revoke('a');
  await synchronise();
  database.copy()();
  database.revoke('b');
  await synchronise();
  expect([await ask('a'), await ask('b')]).toEqual(['revoked', 'revoked']);
  expect(problems).toEqual([]);
});

it.each<[string, (database: FakeDatabase) => void]>([
  ['has nothing in their place', () => {}],
  ['has another change in the place of the last one', (database) => database.revoke('b')],
  [
    'has more changes by now',
    (database) => {
      database.revoke('b');
      database.create('c');
      database.create('d');
    },
  ],
])(
  'a gateway refuses every key, and says why, once a copy that lost changes and %s has taken over',
  async (_, since) => {
    const { database, synchronise, ask, problems, sync } = await knowingGateway();
    const lagging = database.copy();
    database.revoke('a');
    await synchronise();
    expect([await ask('a'), await ask('b')]).toEqual(['revoked', 'valid']);
    lagging();
    since(database);
    await synchronise();
    expect([await ask('a'), await ask('b')]).toEqual(['unavailable', 'unavailable']);
    expect(problems).toEqual([
      expect.stringMatching(/has lost changes .* the last of them key_a; then restart the server$/),
    ]);
    expect(sync.isFailing).toBe(true);
    await synchronise();
    expect(await ask('b')).toBe('unavailable');
    expect(problems).toHaveLength(1);
  },
);

it('a copy that was made before the gateway was registered is found out, too', async () => {
  const { database, beforeStart, synchronise, ask, problems } = await knowingGateway();
  database.revoke('a');
  await synchronise();
  beforeStart();
  await synchronise();
  expect(await ask('a')).toBe('unavailable');
  expect(problems).toHaveLength(1);
});

import { expect, it, vi } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { judge } from '../core/verdict.ts';
import { waitForGateways } from './barrier.ts';
import { DatabaseClock } from './database-clock.ts';
import { gatewayService } from './gateway-service.ts';
import { GatewaySync } from './gateway-sync.ts';
import { FakeDatabase, World } from './gateway-world.fixture.ts';
import { Lease, type LeaseClocks } from './lease.ts';
import { LeasedKeyView } from './leased-key-view.ts';

const RUNS = 1_000;
const STEPS = 500;
const HASHES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** What may be put in the place of a part, to see that the test finds it. */
interface Parts {
  readonly Lease: typeof Lease;
  readonly wait: typeof waitForGateways;
}

type Said = 'accepted' | 'revoked' | 'unknown' | 'unavailable';

/** One run of several gateways, in which everything that is on its way arrives when chance says so. */
class Run {
  readonly world: World;
  readonly database: FakeDatabase;
  readonly violations: string[] = [];
  readonly said = new Map<Said, number>();
  readonly #below: (end: number) => number;
  readonly #parts: Parts;
  readonly #fillRandom: ReturnType<typeof seededRandom>;
  #gateways: ReturnType<Run['start']>[] = [];
  /** When commands had returned. */
  readonly #created = new Map<string, number>();
  readonly #revoked = new Map<string, number>();
  readonly #committed = new Set<string>();
  returned = 0;
  evicted = 0;

  constructor(seed: number, parts: Parts) {
    this.#fillRandom = seededRandom(seed);
    this.#below = (end) =>
      (this.#fillRandom(new Uint8Array(2)).reduce((sum, byte) => sum * 256 + byte, 0) % 65_521) % end;
    this.#parts = parts;
    this.world = new World(this.#below);
    this.database = new FakeDatabase(this.world);
    this.#gateways = [this.start(), this.start()];
  }

  start() {
    const owner = {};
    /** Time in which this machine did not run. */
    const skew = { suspendedMs: this.#below(1_000_000) };
    const clocks: LeaseClocks = {
      monotonicNow: () => this.world.now - skew.suspendedMs,
      wallNow: () => this.world.now,
    };
    const lease = new this.#parts.Lease(clocks);
    const databaseClock = new DatabaseClock(clocks.monotonicNow);
    const store = this.database.for(owner);
    const isAway = () => sync.isFailing;
    const { monotonicNow } = clocks;
    const view = new LeasedKeyView({ store, lease, monotonicNow, databaseClock, isAway, maxEntries: 6 });
    const sync: GatewaySync = new GatewaySync({
      store,
      view,
      lease,
      databaseClock,
      identity: { label: 'gateway', version: '1' },
      fillRandom: this.#fillRandom,
      onApplied: () => {},
      onProblem: () => {},
    });
    sync.start().catch(() => {});
    return { owner, skew, clocks, lease, view, sync, refused: new Map<string, number>() };
  }

  async step(): Promise<void> {
    const below = this.#below;
    const gateway = this.#gateways[below(this.#gateways.length)];
    if (gateway === undefined) return;
    const roll = below(100);
    if (roll < 45 && this.world.legs > 0) this.world.move();
    else if (roll < 65) void this.#request(gateway);
    else if (roll < 78) this.world.pass(below(4) === 0 ? below(2_000) : below(200));
    else if (roll < 88) gateway.sync.hint();
    else if (roll < 93) void this.#command();
    else if (roll < 95 && this.world.legs > 0) this.world.move(true);
    else if (roll === 95) this.#suspend(gateway, below(6_000));
    else if (roll === 96) void this.#evict();
    else if (roll === 97) this.database.prune();
    else if (roll === 98) this.#restart(gateway);
    await new Promise(setImmediate);
  }

  async #request({ view, clocks, refused }: ReturnType<Run['start']>): Promise<void> {
    const hash = HASHES[this.#below(HASHES.length)] as string;
    const arrivedAt = this.world.now;
    const found = view.find(hash);
    const secret =
      found === undefined ? await view.read(hash, clocks.monotonicNow()).catch(() => 'unavailable' as const) : found;
    const said: Said =
      secret === 'unavailable' ? secret : secret === null ? 'unknown' : (judge(secret, 0).kind as Said);
    this.said.set(said, (this.said.get(said) ?? 0) + 1);
    const isAfter = (time: number | undefined) => time !== undefined && time < arrivedAt;
    if (said === 'accepted' && isAfter(this.#revoked.get(hash)))
      this.violations.push(`${hash} accepted after its revoke`);
    if (said === 'accepted' && isAfter(refused.get(hash)))
      this.violations.push(`${hash} accepted after it was refused here`);
    if (said === 'unknown' && isAfter(this.#created.get(hash)))
      this.violations.push(`${hash} unknown after its create`);
    if (said === 'revoked' && !this.#committed.has(hash)) this.violations.push(`${hash} revoked before anybody did`);
    if (said === 'revoked' && !refused.has(hash)) refused.set(hash, this.world.now);
  }

  async #command(): Promise<void> {
    const hash = HASHES[this.#below(HASHES.length)] as string;
    const isNew = !this.database.keys.has(`key_${hash}`);
    if (isNew) this.database.create(hash);
    else {
      this.database.revoke(hash);
      this.#committed.add(hash);
    }
    for (const { sync } of this.#gateways) if (this.#below(3) > 0) sync.hint();
    const applied = { heard: 0, wait: (ms: number) => this.world.sleep(ms) };
    try {
      await this.#parts.wait({ store: this.database.for({}), applied, monotonicNow: () => this.world.now });
      this.returned += 1;
      const returned = isNew ? this.#created : this.#revoked;
      if (!returned.has(hash)) returned.set(hash, this.world.now);
    } catch {
      // The connection was lost: nobody was told anything.
    }
  }

  /** Takes away a gateway that may still run. Whoever does may lose the database on the way. */
  async #evict(): Promise<void> {
    const epoch = this.database.standing(this.#below);
    if (epoch === undefined) return;
    const time = { monotonicNow: () => this.world.now, sleep: (ms: number) => this.world.sleep(ms) };
    const service = gatewayService({ store: this.database.for({}), ...time, onNotice: () => {} });
    await service.evict(epoch).then(
      () => (this.evicted += 1),
      () => {},
    );
  }

  #suspend(gateway: ReturnType<Run['start']>, ms: number): void {
    gateway.skew.suspendedMs += ms;
    this.world.pass(ms);
  }

  #restart(gateway: ReturnType<Run['start']>): void {
    this.world.forget(gateway.owner);
    this.#gateways = [...this.#gateways.filter((other) => other !== gateway), this.start()];
  }
}

async function runs(
  parts: Partial<Parts>,
  count: number,
  isEnough: (run: Run) => boolean = () => false,
): Promise<readonly Run[]> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const all: Run[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const run = new Run(seed, { Lease, wait: waitForGateways, ...parts });
      all.push(run);
      for (let step = 0; step < STEPS; step++) await run.step();
      if (isEnough(run)) return all;
    }
    return all;
  } finally {
    vi.useRealTimers();
  }
}

it('whatever arrives when: no gateway accepts after a revoke returned or after it refused, nor forgets what was created', async () => {
  const all = await runs({}, RUNS);
  expect(all.flatMap(({ violations }) => violations)).toEqual([]);
  const total = (said: Said) => all.reduce((sum, run) => sum + (run.said.get(said) ?? 0), 0);
  for (const said of ['accepted', 'revoked', 'unknown', 'unavailable'] as const) {
    expect(total(said), said).toBeGreaterThan(RUNS * 3);
  }
  expect(all.reduce((sum, { returned }) => sum + returned, 0)).toBeGreaterThan(RUNS * 3);
  expect(all.reduce((sum, { evicted }) => sum + evicted, 0)).toBeGreaterThan(RUNS);
}, 60_000);

class EndlessLease extends Lease {
  #isBegun = false;
  override extend(...[stamp]: Parameters<Lease['extend']>): void {
    this.#isBegun = true;
    super.extend(stamp);
  }
  override holds(): boolean {
    return this.#isBegun;
  }
}

class LeaseFromTheAnswer extends Lease {
  override extend(): void {
    super.extend(this.stamp());
  }
}

const noWait: typeof waitForGateways = async () => ({ confirmed: 0, waitedOut: 0, ms: 0, unconfirmed: [] });

it.each([
  ['served past its lease', { Lease: EndlessLease }],
  ['counted its lease from the answer', { Lease: LeaseFromTheAnswer }],
  ['did not wait', { wait: noWait }],
])(
  'would be found out if it %s',
  async (_what, parts) => {
    const all = await runs(parts, 10_000, ({ violations }) => violations.length > 0);
    expect(all.flatMap(({ violations }) => violations)).not.toEqual([]);
  },
  60_000,
);

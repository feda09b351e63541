import { aKey, aProfile, aSecret } from '../../test/key-builder.ts';
import type { GatewayMember, GatewayStore } from '../core/gateway-store.ts';
import type { Key } from '../core/key.ts';

/** A leg of a call on its way: to the database or back. */
interface Leg {
  readonly owner: object;
  readonly run: () => void;
  readonly fail: () => void;
}

/** Time, and everything that is on its way, in which nothing moves but what the test moves. */
export class World {
  now = 1_000_000;
  readonly #below: (end: number) => number;
  #legs: Leg[] = [];
  #sleeps: { readonly at: number; readonly wake: () => void }[] = [];

  constructor(below: (end: number) => number) {
    this.#below = below;
  }

  get legs(): number {
    return this.#legs.length;
  }

  /** Runs `work` in the database some time later, and brings the answer some time after that. */
  call<Answer>(owner: object, work: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const fail = () => reject(new Error('connection lost'));
      const run = () => {
        const answer = work();
        this.#legs.push({ owner, run: () => resolve(answer), fail });
      };
      this.#legs.push({ owner, run, fail });
    });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleeps.push({ at: this.now + ms, wake }));
  }

  pass(ms: number): void {
    this.now += ms;
    const due = this.#sleeps.filter(({ at }) => at <= this.now);
    this.#sleeps = this.#sleeps.filter(({ at }) => at > this.now);
    for (const { wake } of due) wake();
  }

  /** Moves one of the legs, whichever. */
  move(isFailing = false): void {
    const [leg] = this.#legs.splice(this.#below(this.#legs.length), 1);
    if (isFailing) leg?.fail();
    else leg?.run();
  }

  /** What a process had on its way is never heard of again. */
  forget(owner: object): void {
    this.#legs = this.#legs.filter((leg) => leg.owner !== owner);
  }
}

/** What the database has: changes in the order of their commits, keys as they are now, and the rows of gateways. */
export class FakeDatabase {
  seq = 0;
  readonly keys = new Map<string, Key>();
  #changes: { readonly seq: number; readonly keyId: string; readonly mark: string }[] = [];
  #members: GatewayMember[] = [];
  /** Never taken back, whatever history there is. */
  #commits = 0;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  create(hash: string): void {
    this.#commit(aKey({ id: `key_${hash}`, secrets: [aSecret({ hash })] }));
  }

  revoke(hash: string): void {
    const key = [...this.keys.values()].find(({ id }) => id === `key_${hash}`) as Key;
    this.#commit({ ...key, revokedAt: key.revokedAt ?? 1, version: key.version + 1 });
  }

  /** What this returns puts the database back to how it is now, without all that came since, as a standby does that lagged and takes over. */
  copy(): () => void {
    const { seq } = this;
    const [keys, members] = [[...this.keys], this.#members];
    return () => {
      this.seq = seq;
      this.keys.clear();
      for (const [id, key] of keys) this.keys.set(id, key);
      this.#changes = this.#changes.filter((change) => change.seq <= seq);
      this.#members = members;
    };
  }

  /** The epoch of a gateway that may still run, whichever. */
  standing(below: (end: number) => number): string | undefined {
    const standing = this.#members.filter(({ retiredAt }) => retiredAt === null);
    return standing[below(standing.length)]?.epoch;
  }

  /** Removes the older half of the log. */
  prune(): void {
    this.#changes = this.#changes.slice(Math.floor(this.#changes.length / 2));
  }

  /** The database as one process reaches it. */
  for(owner: object): GatewayStore {
    const call = <Answer>(work: () => Answer) => this.#world.call(owner, work);
    return {
      register: (gateway) =>
        call(() => {
          const now = this.#world.now;
          const flags = { retiredAt: null, isDrained: false, isSettled: false };
          this.#members.push({ ...gateway, startedAt: now, seenAt: now, appliedSeq: this.seq, ...flags });
          return { seq: this.seq, databaseTime: now };
        }),
      sync: (epoch, position, limit) =>
        call(() => {
          const answer = this.#changesBehind(epoch, position, limit);
          if (answer !== null) this.#record(epoch, position);
          return answer;
        }),
      changes: (epoch, position, limit) => call(() => this.#changesBehind(epoch, position, limit)),
      readSecret: (hash) =>
        call(() => {
          const key = [...this.keys.values()].find(({ secrets }) => secrets.some((secret) => secret.hash === hash));
          const found = key === undefined ? null : { key, profile: aProfile() };
          return { seq: this.seq, databaseTime: this.#world.now, found };
        }),
      standingMembers: () =>
        call(() => ({
          seq: this.seq,
          databaseTime: this.#world.now,
          members: this.#members.filter(({ isSettled }) => !isSettled),
        })),
      listGateways: () => call(() => ({ seq: this.seq, databaseTime: this.#world.now, members: this.#members })),
      findGateway: (epoch) => call(() => this.#members.find((known) => known.epoch === epoch) ?? null),
      retire: (epoch, { isDrained }) => call(() => this.#retire(epoch, isDrained)),
      recordBarriers: () => call(() => undefined),
      listBarriers: () => call(() => []),
      settle: (member) =>
        call(() => {
          this.#members = this.#members.map((known) => {
            if (known.epoch !== member.epoch) return known;
            const isQuiet = member.retiredAt !== null || (known.retiredAt === null && known.seenAt === member.seenAt);
            return isQuiet ? { ...known, retiredAt: known.retiredAt ?? this.#world.now, isSettled: true } : known;
          });
        }),
    };
  }

  #record(epoch: string, position: number): void {
    this.#members = this.#members.map((known) =>
      known.epoch === epoch ? { ...known, seenAt: this.#world.now, appliedSeq: position } : known,
    );
  }

  #changesBehind(epoch: string, position: number, limit: number) {
    const member = this.#members.find((known) => known.epoch === epoch);
    if (member === undefined || member.retiredAt !== null) return null;
    const behind = this.#changes.filter(({ seq }) => seq > position);
    const page = behind.slice(0, limit);
    const throughSeq = behind.length > limit ? (page.at(-1)?.seq ?? position) : this.seq;
    return {
      seq: this.seq,
      databaseTime: this.#world.now,
      throughSeq,
      positionMark: this.#markAt(position),
      throughMark: this.#markAt(throughSeq),
      keptFromSeq: this.#changes[0]?.seq ?? this.seq + 1,
      keys: [...new Set(page.map(({ keyId }) => keyId))].map((id) => this.keys.get(id) as Key),
      profiles: [],
      hasUnknownChange: false,
    };
  }

  #retire(epoch: string, isDrained: boolean): boolean {
    const member = this.#members.find((known) => known.epoch === epoch);
    if (member === undefined || member.retiredAt !== null) return false;
    const retired = { ...member, retiredAt: this.#world.now, isDrained, isSettled: isDrained };
    this.#members = this.#members.map((known) => (known === member ? retired : known));
    return true;
  }

  #commit(key: Key): void {
    this.seq += 1;
    this.keys.set(key.id, key);
    this.#changes.push({ seq: this.seq, keyId: key.id, mark: `${key.id} ${++this.#commits}` });
  }

  #markAt(wanted: number): string | null {
    return this.#changes.find(({ seq }) => seq === wanted)?.mark ?? null;
  }
}

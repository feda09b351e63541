import { newGatewayId } from '../core/gateway-service.ts';
import type { GatewayStore, SyncAnswer } from '../core/gateway-store.ts';
import type { FillRandom } from '../core/secret.ts';
import { AppliedHistory, LostChanges } from './applied-history.ts';
import type { DatabaseClock } from './database-clock.ts';
import { LEASE_MS, type Lease } from './lease.ts';
import type { LeasedKeyView } from './leased-key-view.ts';

const INTERVAL_MS = LEASE_MS / 3;
const CHANGES_A_SYNC = 500;

export interface GatewaySyncPorts {
  readonly store: Pick<GatewayStore, 'register' | 'sync' | 'changes' | 'retire'>;
  readonly view: Pick<LeasedKeyView, 'position' | 'apply' | 'dropAll'>;
  readonly lease: Lease;
  readonly databaseClock: DatabaseClock;
  readonly identity: { readonly label: string; readonly version: string };
  readonly fillRandom: FillRandom;
  /** Called when the view has changed, before that is recorded; with what was applied, or `null` when all was forgotten. */
  readonly onApplied: (answer: SyncAnswer | null) => void;
  readonly onProblem: (what: string, error: unknown) => void;
}

/**
 * Keeps the view of a gateway and its lease: every third of a lease, and after what a hint was about is applied, it records how far changes are
 * applied, takes over those behind, and only then extends the lease, counted from before it asked. When changes came it goes on at once, so that
 * their position is recorded; never before they are applied.
 */
export class GatewaySync {
  readonly #ports: GatewaySyncPorts;
  #epoch: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #isHinted = false;
  #isStarted = false;
  #isStopped = false;
  #isFailing = false;
  readonly #history = new AppliedHistory();

  constructor(ports: GatewaySyncPorts) {
    this.#ports = ports;
  }

  /** `null` before it is registered, and while it has to be registered anew. */
  get epoch(): string | null {
    return this.#epoch;
  }

  /** The last synchronisation failed, or none will be made any more. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** Resolves when the first lease holds; rejects when the gateway cannot be registered. */
  async start(): Promise<void> {
    await this.#register();
    await this.#syncUntilRecorded();
    this.#isStarted = true;
    this.#schedule();
  }

  /** Something may have changed. */
  hint(): void {
    this.#isHinted = true;
    if (this.#isStarted) this.#run();
  }

  /**
   * Call it when nothing is admitted any more. Whoever changes something then need not wait for this gateway; where the database cannot be told
   * so, they wait until its lease is over. Never rejects.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    this.#ports.lease.drop();
    if (this.#epoch === null) return;
    try {
      await this.#ports.store.retire(this.#epoch, { isDrained: true });
    } catch (error) {
      this.#ports.onProblem(
        'the database could not be told that this gateway stops: a change waits for it once',
        error,
      );
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#run(), INTERVAL_MS);
  }

  #run(): void {
    if (this.#isStopped || this.#running !== null) return;
    this.#running = this.#syncAll().finally(() => {
      this.#running = null;
      this.#schedule();
    });
  }

  async #syncAll(): Promise<void> {
    try {
      do {
        const isHinted = this.#isHinted;
        this.#isHinted = false;
        if (this.#epoch === null) await this.#register();
        if (isHinted) await this.#applyChanges();
        await this.#syncUntilRecorded();
      } while (this.#isHinted && !this.#isStopped);
      this.#isFailing = false;
    } catch (error) {
      const hasFailedBefore = this.#isFailing;
      this.#isFailing = true;
      if (error instanceof LostChanges) await this.#refuseForGood(error);
      else if (!hasFailedBefore)
        this.#ports.onProblem('the database is out of reach: keys are judged only while it answers', error);
    }
  }

  async #register(): Promise<void> {
    const { store, view, identity, fillRandom } = this.#ports;
    const epoch = newGatewayId(fillRandom);
    const { seq } = await store.register({ epoch, ...identity });
    this.#epoch = epoch;
    // Nothing is believed that was read under another epoch.
    view.dropAll(seq);
    await this.#compareHistory(epoch);
  }

  /** A copy of the database that lagged and took over may not know of this gateway either, and so it comes here. */
  async #compareHistory(epoch: string): Promise<void> {
    const { seq } = this.#history;
    if (seq === 0) return;
    const answer = await this.#ports.store.sync(epoch, seq, 1);
    if (answer !== null) this.#history.compare(answer, seq);
  }

  /** Nobody here can say which changes are gone: what the database says of keys is not believed any more. */
  async #refuseForGood({ message }: LostChanges): Promise<void> {
    const { store, view, lease, onApplied, onProblem } = this.#ports;
    this.#isStopped = true;
    lease.drop();
    view.dropAll(view.position);
    onApplied(null);
    onProblem(message, null);
    if (this.#epoch !== null) await store.retire(this.#epoch, { isDrained: true });
  }

  /** To read is quicker than to record: so there is one position to be recorded, that behind the changes. */
  async #applyChanges(): Promise<void> {
    const { store, view } = this.#ports;
    const { position } = view;
    const answer = await store.changes(this.#epoch as string, position, CHANGES_A_SYNC);
    if (answer !== null) this.#apply(answer, position);
  }

  async #syncUntilRecorded(): Promise<void> {
    while (!(await this.#sync()) && !this.#isStopped);
  }

  /** Resolves to whether all changes are applied and recorded. */
  async #sync(): Promise<boolean> {
    const { store, view, lease, databaseClock, onApplied } = this.#ports;
    if (this.#epoch === null) await this.#register();
    const recorded = view.position;
    const stamp = lease.stamp();
    const answer = await store.sync(this.#epoch as string, recorded, CHANGES_A_SYNC);
    if (answer === null) {
      lease.drop();
      view.dropAll(recorded);
      onApplied(null);
      this.#epoch = null;
      return false;
    }
    this.#apply(answer, recorded);
    databaseClock.set(stamp.monotonicMs, answer.databaseTime);
    if (view.position >= answer.seq) lease.extend(stamp);
    return view.position === recorded;
  }

  #apply(answer: SyncAnswer, from: number): void {
    const { view, onApplied } = this.#ports;
    this.#history.compare(answer, from);
    view.apply(answer);
    this.#history.applied(answer);
    if (view.position !== from) onApplied(answer);
  }
}

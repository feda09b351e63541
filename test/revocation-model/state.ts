/**
 * Time in ticks of half a second. A gateway believes its memory for `LEASE_TICKS` of its own clock; who waits for it waits
 * `WAIT_TICKS`, 1.25 times as long.
 */
export const LEASE_TICKS = 4;
export const WAIT_TICKS = 5;

export const NEVER = 100;

export const READS_PER_GATEWAY = 2;

/** A read of the secret that was sent and is not answered yet. Its snapshot is that of the moment of sending: see docs/revocation.md. */
export interface Read {
  sent: number;
  /** The changes whose effect its rows show. */
  rows: number;
  /** The sequence number it carries. */
  seq: number;
  /** What the last of the requests that it was sent for may rely on (`reliance`). */
  asked: number;
  /** The same for requests that found it in flight. */
  joined: number;
}

export const SYNC = { none: 0, sent: 1, answered: 2, extended: 3 } as const;

/** The transaction that fetches changes, records the position and, once applied, extends the lease. */
export interface Sync {
  phase: number;
  /** By how much the database time that it brings will be ahead: the time from stamp to snapshot counts twice. */
  aheadTicks: number;
  /** Ticks of the gateway's clock that a lease from its stamp would still hold. */
  leftTicks: number;
  /** The clock has been slewed by a tick since the stamp. */
  slewed: number;
  seq: number;
  rows: number;
  /** The last change of its page. */
  upTo: number;
  /** The last change that was wanted and is no longer in the log; 0 for none. */
  gap: number;
  /** It found the row of the gateway, not retired. */
  registered: number;
}

export const PROCESS = { off: 0, running: 1, unregistered: 2 } as const;
export const ROW = { none: 0, live: 1, retired: 2, settled: 3 } as const;

/** One process start: one epoch, with its view of the one secret, and its row in the store. */
export interface Gateway {
  process: number;
  position: number;
  leaseTicks: number;
  leaseSlewed: number;
  /** Does memory have an entry of the secret, as of which rows, with which sequence number? */
  held: number;
  rows: number;
  seq: number;
  /** Nothing older may come back: the highest sequence number that left memory. */
  floor: number;
  /** Of the database time that the last sync gave: less than 0 when the clock has stood still since. */
  aheadTicks: number;
  /** The same of the time that it judges by. */
  shownTicks: number;
  /** It has refused the secret as revoked or ended. */
  refused: number;
  /** A render under the secret is being streamed. */
  stream: number;
  /** A clock value read before the request came said that the lease holds. Used by an ablation only. */
  oldClock: number;
  /** It has synced since the last tick. Used where gateways are prompt. */
  synced: number;
  readonly reads: readonly Read[];
  readonly sync: Sync;
  /** A sync that was given up while its answer was on the way. Used by an ablation only. */
  readonly givenUp: Sync;
  /** `silentTicks`: since it has recorded, used where silent rows are settled. */
  readonly row: { state: number; recorded: number; retiredTicks: number; silentTicks: number };
}

export const BARRIER = { idle: 0, committed: 1, waiting: 2, returned: 3 } as const;
export const CREATE = 0;
export const REVOKE = 1;
export const REVOKE_AGAIN = 2;

/** A command that reports only when its change is in force everywhere. */
export interface Barrier {
  phase: number;
  seq: number;
  sinceCommitTicks: number;
  /** One bit for each gateway that it waits for. */
  members: number;
}

export interface State {
  /** Changes committed, in the order of their sequence numbers. */
  seq: number;
  /** Changes visible: fewer than `seq` only where numbers are given before the commit. */
  rows: number;
  /** Changes no longer in the log. */
  pruned: number;
  /** The secret ends by itself in so many ticks, has ended when it is 0 or less, or `NEVER`. */
  endsInTicks: number;
  /** The next change has begun its transaction, this long ago, and these were members then. */
  begun: number;
  begunTicks: number;
  begunMembers: number;
  readonly barriers: readonly Barrier[];
  readonly gateways: readonly Gateway[];
  /** The property that the last step broke; 0 for none. */
  violation: number;
}

export function newRead(): Read {
  return { sent: 0, rows: 0, seq: 0, asked: 0, joined: 0 };
}

export function newSync(): Sync {
  return { phase: SYNC.none, aheadTicks: 0, leftTicks: 0, slewed: 0, seq: 0, rows: 0, upTo: 0, gap: 0, registered: 0 };
}

function newGateway(isRunning: boolean): Gateway {
  return {
    process: isRunning ? PROCESS.running : PROCESS.off,
    position: 0,
    leaseTicks: 0,
    leaseSlewed: 0,
    held: 0,
    rows: 0,
    seq: 0,
    floor: 0,
    aheadTicks: 0,
    shownTicks: 0,
    refused: 0,
    stream: 0,
    oldClock: 0,
    synced: 0,
    reads: Array.from({ length: READS_PER_GATEWAY }, newRead),
    sync: newSync(),
    givenUp: newSync(),
    row: { state: isRunning ? ROW.live : ROW.none, recorded: 0, retiredTicks: 0, silentTicks: 0 },
  };
}

/** Nothing has happened yet: the gateways named as running have their rows, and nothing in memory. */
export function initialState(running: readonly boolean[], endsInTicks: number): State {
  return {
    seq: 0,
    rows: 0,
    pruned: 0,
    endsInTicks,
    begun: 0,
    begunTicks: 0,
    begunMembers: 0,
    barriers: [CREATE, REVOKE, REVOKE_AGAIN].map(() => ({ phase: 0, seq: 0, sinceCommitTicks: 0, members: 0 })),
    gateways: running.map(newGateway),
    violation: 0,
  };
}

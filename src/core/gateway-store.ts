import type { BarrierTime } from './barrier-times.ts';
import type { Key } from './key.ts';
import type { Profile } from './profile.ts';
import type { SecretHash } from './secret-hash.ts';

/** One start of a server process that admits requests. Times are those of the database, in epoch milliseconds. */
export interface GatewayMember {
  /** Of this start of the process, and of no other. */
  readonly epoch: string;
  /** Name of the machine or process, for people. */
  readonly label: string;
  readonly version: string;
  readonly startedAt: number;
  /** When it last synchronised. */
  readonly seenAt: number;
  /** Of the last change that it had applied by then. */
  readonly appliedSeq: number;
  /** From then on it may not synchronise any more; `null` while it may. */
  readonly retiredAt: number | null;
  /** It had stopped admitting before it retired. */
  readonly isDrained: boolean;
  /** Nothing waits for it any more: it was drained, or somebody waited until its last lease was over. */
  readonly isSettled: boolean;
}

/** A moment of the database: all changes up to `seq` are in it, and none behind. */
export interface Snapshot {
  readonly seq: number;
  /** Of the clock of the database, at that moment or a little later. */
  readonly databaseTime: number;
}

/** What changed behind a position. */
export interface SyncAnswer extends Snapshot {
  /** Seq of the last change in the answer; that of the snapshot when there are no more. */
  readonly throughSeq: number;
  /** The change at the position that was asked from, in a form that no other change has; `null` when it is not kept, or there is none. */
  readonly positionMark: string | null;
  /** The same of the change at `throughSeq`. */
  readonly throughMark: string | null;
  /** All changes behind this one are still kept. */
  readonly keptFromSeq: number;
  /** Those that changed, as they are in the snapshot. */
  readonly keys: readonly Key[];
  readonly profiles: readonly Profile[];
  /** There is a change of which only a newer version knows what it is about. */
  readonly hasUnknownChange: boolean;
}

/** A key by a hash, with its profile, as they are in the snapshot. */
export interface SecretRead extends Snapshot {
  readonly found: { readonly key: Key; readonly profile: Profile } | null;
}

/** What a change has to wait for. */
export interface StandingMembers extends Snapshot {
  readonly members: readonly GatewayMember[];
}

/**
 * Where gateways and changes meet. Every method MUST see the primary: an answer that was true a moment ago is of no use here.
 * A row of a gateway is never reused, and of one that is retired nothing changes any more.
 */
export interface GatewayStore {
  register(gateway: Pick<GatewayMember, 'epoch' | 'label' | 'version'>): Promise<Snapshot>;
  /**
   * In one transaction: records that the gateway has applied `position`, and answers with at most `limit` of the changes behind it. MUST write,
   * so that it fails on a database that takes no writes. `null` when the gateway is retired, or was never registered.
   */
  sync(epoch: string, position: number, limit: number): Promise<SyncAnswer | null>;
  /** The same answer, and nothing is recorded: it may be applied, and says nothing of how long. */
  changes(epoch: string, position: number, limit: number): Promise<SyncAnswer | null>;
  readSecret(hash: SecretHash): Promise<SecretRead>;
  /** Members that may still judge from memory: all that are not settled, retired ones too. */
  standingMembers(): Promise<StandingMembers>;
  /** All that are not settled, and those that retired within `withinMs`, oldest first. */
  listGateways(withinMs: number): Promise<StandingMembers>;
  /** One by its epoch, also when it retired long ago; `null` for one that was never registered. */
  findGateway(epoch: string): Promise<GatewayMember | null>;
  /** Once retired, stays so as it was first. A drained one is settled with it. Resolves to whether it was this call. */
  retire(epoch: string, how: { readonly isDrained: boolean }): Promise<boolean>;
  /**
   * For whoever waited, by a clock of their own, until every lease was over that began before `member` was read. Settles it when it was
   * retired then, or has not synchronised since: then it is retired in the same step.
   */
  settle(member: GatewayMember): Promise<void>;
  /** How long changes took that this gateway was told of, numbered from `first` on. Kept for a day, or until the gateway has recorded 200 more. */
  recordBarriers(epoch: string, first: number, barriers: readonly BarrierTime[]): Promise<void>;
  /** Of all gateways, the newest first. */
  listBarriers(limit: number): Promise<readonly BarrierTime[]>;
}

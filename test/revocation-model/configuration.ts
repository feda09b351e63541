/** What a change does to the one secret: `touch` rewrites its row and keeps it valid, `other` is about another key. */
export type Change = 'create' | 'touch' | 'revoke' | 'other';

/** What may happen in one search. Whatever is not named here cannot. */
export interface Configuration {
  readonly name: string;
  /** The changes, in the order of their commits. */
  readonly changes: readonly Change[];
  /** One entry for each process: does it run from the start? All have the same label. */
  readonly gateways: readonly boolean[];
  readonly reads: 0 | 1 | 2;
  /** The secret expires, or its grace window ends. Left out: never. */
  readonly endsInTicks?: number;
  readonly eviction?: boolean;
  readonly pruning?: boolean;
  /** One change to a page instead of all. */
  readonly pages?: boolean;
  readonly slewing?: boolean;
  readonly suspends?: boolean;
  readonly streams?: boolean;
  /** Time may pass between the begin of a change and its commit. */
  readonly slowCommits?: boolean;
  readonly repeatedRevoke?: boolean;
  /** Processes start and register, and register again. */
  readonly membership?: boolean;
  /** Rows are retired by others, and settled by who has waited since. */
  readonly retirement?: boolean;
  /** Who has waited for a live row that stays silent settles it. */
  readonly silence?: boolean;
  /** Processes shut down and mark their rows as drained. */
  readonly drains?: boolean;
  /** The second gateway gets no requests and is never retired: it matters by what it records. */
  readonly requestsAtFirstOnly?: boolean;
  /** No time passes between the stamp of a sync and its snapshot. */
  readonly instantSnapshots?: boolean;
  readonly crashes?: boolean;
  /** Gateways that run sync and record once a tick: nothing but a crash keeps them from it. */
  readonly prompt?: boolean;
}

export function getsRequests({ requestsAtFirstOnly }: Configuration, gateway: number): boolean {
  return gateway === 0 || requestsAtFirstOnly !== true;
}

export type Value = 'unknown' | 'valid' | 'revoked';

/** What the store says of the secret once so many changes are visible. */
export function valueAt({ changes }: Configuration, rows: number): Value {
  const revoked = changes.indexOf('revoke');
  if (revoked !== -1 && revoked < rows) return 'revoked';
  return changes.indexOf('create') < rows ? 'valid' : 'unknown';
}

/** Is any change after `from`, up to `upTo`, about the secret? */
export function isTouched({ changes }: Configuration, from: number, upTo: number): boolean {
  for (let index = from; index < upTo; index++) if (changes[index] !== 'other') return true;
  return false;
}

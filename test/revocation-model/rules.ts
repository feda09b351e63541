/**
 * Each rule of the protocol that closes a hole. All hold in the protocol; an ablation takes one away, and the search must then find
 * what goes wrong.
 */
export const RULES = {
  // Entries and reads
  judgesUnderLeaseOnly: 'memory is believed under a lease only',
  readsClockAfterArrival: 'the clock is read after the request arrived',
  joinedUseKeptOnly: 'who joined a read under a lease uses its answer only if it is new enough',
  asksAfterArrival: 'without a lease a request uses a read sent after it arrived',
  installsNothingBelowPosition: 'a positive answer older than the position is read again',
  installsNoUnknownBelowPosition: 'an "unknown" older than the position is read again',
  readNeverOverNewer: 'an answer never replaces a newer entry',
  takesSeqWithRows: 'the sequence number is that of the snapshot of the rows',
  readsPrimaryOnly: 'reads go to the primary only',
  evictionRaisesFloor: 'what is older than an evicted entry is read again',
  dropRaisesFloor: 'what is older than dropped memory is read again',
  keepsAnswersWithoutLease: 'an answer is kept in memory also while no lease holds',
  oldAnswersAnswerNobody: 'an answer that is too old to keep answers nobody either',
  // Syncs
  stampsFirst: 'the lease counts from before the sync was sent',
  appliesBeforeLease: 'the lease is extended after the changes are applied',
  appliesBeforeRecord: 'a position is recorded after it is applied',
  syncNeverOverNewer: 'a sync never replaces a newer entry',
  syncsFromPrimaryOnly: 'syncs go to the primary only',
  ignoresGivenUpSyncs: 'one sync at a time: the answer of one that was given up is ignored',
  syncNeedsItsRow: 'a sync that finds its row retired extends nothing and drops memory',
  gapDropsMemory: 'a position older than the log drops all memory',
  shortPageExtendsNothing: 'a page that does not reach the snapshot extends no lease',
  changeRemovesUnknown: 'a change removes the "unknown" entries of its key',
  recordsAtOnce: 'an applied position is recorded at once, not with the next sync',
  hintsOnlyWake: 'a hint only starts a sync',
  // Clocks
  comparesWallClock: 'a monotonic clock that stood still ends the lease',
  comparesSinceStamp: 'the clocks are compared since the stamp, also of a sync in flight',
  timeNeverRunsBack: 'the database time that a gateway judges by never runs backwards',
  answersByOwnTime: 'an end is compared with the time that the answer brings, too',
  waitsLongerThanLease: 'the barrier waits 1.25 times the lease',
  // Changes and the barrier
  numbersInCommitOrder: 'sequence numbers are given in the order of commits',
  readsMembersAfterCommit: 'members are read after the commit',
  waitsFromCommit: 'the wait counts from the commit',
  waitEnds: 'the wait ends, whoever is silent',
  repeatedRevokeWaits: 'a revoke that finds the key revoked waits like the first',
  waitsForRetired: 'retired members are waited out',
  settlesByMonotonicClock: 'only a mark by who has waited a retired member out ends waiting for it',
  settlesSilentOnly: 'a live row is settled only if it has recorded nothing for the whole wait',
  settlesFromMemberRead: 'the wait that settles a silent row counts from when the members have been read',
  oneRowPerProcess: 'a row belongs to one process start',
  stopsBeforeDrained: 'a gateway stops admitting before it is marked as drained',
  // Streams
  streamNeedsLease: 'a stream writes under a lease only',
  changeEndsStream: 'applying a revoke ends the streams of its key',
  dropEndsStreams: 'dropping memory ends all streams',
  streamNeverOnRead: 'a read does not stand in for the lease of a stream',
} as const;

export type Rule = keyof typeof RULES;
export type Rules = Readonly<Record<Rule, boolean>>;

const ruleNames = Object.keys(RULES) as Rule[];

/** The protocol, or the protocol without one of its rules. */
export function rulesWithout(missing: Rule | null): Rules {
  return Object.fromEntries(ruleNames.map((rule) => [rule, rule !== missing])) as Record<Rule, boolean>;
}

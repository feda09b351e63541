import type { ConfigurationName } from './configurations.ts';
import { VIOLATION } from './properties.ts';
import type { Rule } from './rules.ts';

/** A rule that is taken away, where its hole shows, and the property that breaks first. */
export interface Ablation {
  readonly configuration: ConfigurationName;
  readonly breaks: (typeof VIOLATION)[keyof typeof VIOLATION];
}

const { admitted, admittedAfterRefusal, unknown, early, late, written } = VIOLATION;

/** One for each rule: the type has it that none is forgotten. */
export const ABLATIONS: Readonly<Record<Rule, Ablation>> = {
  judgesUnderLeaseOnly: { configuration: 'reads', breaks: admitted },
  readsClockAfterArrival: { configuration: 'reads', breaks: admitted },
  checksLeaseAfterAwait: { configuration: 'reads', breaks: admitted },
  asksAfterArrival: { configuration: 'reads', breaks: admitted },
  installsNothingBelowPosition: { configuration: 'reads', breaks: admitted },
  installsNoUnknownBelowPosition: { configuration: 'unknown', breaks: unknown },
  readNeverOverNewer: { configuration: 'reads', breaks: admittedAfterRefusal },
  takesSeqWithRows: { configuration: 'reads', breaks: admitted },
  readsPrimaryOnly: { configuration: 'reads', breaks: admitted },
  evictionRaisesFloor: { configuration: 'reads', breaks: admittedAfterRefusal },
  dropRaisesFloor: { configuration: 'pruned', breaks: admittedAfterRefusal },
  keepsAnswersWithoutLease: { configuration: 'reads', breaks: admittedAfterRefusal },
  oldAnswersAnswerNobody: { configuration: 'reads', breaks: admittedAfterRefusal },
  stampsFirst: { configuration: 'clocks', breaks: admitted },
  appliesBeforeLease: { configuration: 'clocks', breaks: admitted },
  appliesBeforeRecord: { configuration: 'reads', breaks: admitted },
  syncNeverOverNewer: { configuration: 'reads', breaks: admittedAfterRefusal },
  syncsFromPrimaryOnly: { configuration: 'clocks', breaks: admitted },
  ignoresGivenUpSyncs: { configuration: 'reads', breaks: admitted },
  syncNeedsItsRow: { configuration: 'registration', breaks: admitted },
  gapDropsMemory: { configuration: 'log', breaks: admitted },
  shortPageExtendsNothing: { configuration: 'log', breaks: admitted },
  changeRemovesUnknown: { configuration: 'unknown', breaks: unknown },
  recordsAtOnce: { configuration: 'prompt', breaks: late },
  hintsOnlyWake: { configuration: 'reads', breaks: early },
  comparesWallClock: { configuration: 'clocks', breaks: admitted },
  comparesSinceStamp: { configuration: 'clocks', breaks: admitted },
  waitsLongerThanLease: { configuration: 'clocks', breaks: admitted },
  numbersInCommitOrder: { configuration: 'commits', breaks: admitted },
  readsMembersAfterCommit: { configuration: 'registration', breaks: admitted },
  waitsFromCommit: { configuration: 'commits', breaks: admitted },
  waitEnds: { configuration: 'prompt', breaks: late },
  repeatedRevokeWaits: { configuration: 'commits', breaks: admitted },
  waitsForRetired: { configuration: 'membership', breaks: admitted },
  settlesByMonotonicClock: { configuration: 'membership', breaks: admitted },
  oneRowPerProcess: { configuration: 'membership', breaks: admitted },
  stopsBeforeDrained: { configuration: 'registration', breaks: admitted },
  streamNeedsLease: { configuration: 'streams', breaks: written },
  changeEndsStream: { configuration: 'streams', breaks: written },
  dropEndsStreams: { configuration: 'streams', breaks: written },
  streamNeverOnRead: { configuration: 'streams', breaks: written },
};

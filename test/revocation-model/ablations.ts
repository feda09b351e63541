import type { ConfigurationName } from './configurations.ts';
import { VIOLATION } from './properties.ts';
import type { Rule } from './rules.ts';

/** A rule that is taken away, where its hole shows, and the property that breaks first. */
export interface Ablation {
  readonly configuration: ConfigurationName;
  readonly breaks: (typeof VIOLATION)[keyof typeof VIOLATION];
  /** Of the shortest counterexample. */
  readonly lengthSteps: number;
}

const { admitted, admittedAfterRefusal, unknown, early, late, written, overtaken, ended } = VIOLATION;

/** One for each rule: the type has it that none is forgotten. */
export const ABLATIONS: Readonly<Record<Rule, Ablation>> = {
  judgesUnderLeaseOnly: { configuration: 'reads', breaks: admitted, lengthSteps: 10 },
  readsClockAfterArrival: { configuration: 'reads', breaks: admitted, lengthSteps: 14 },
  joinedUseKeptOnly: { configuration: 'reads', breaks: admitted, lengthSteps: 10 },
  asksAfterArrival: { configuration: 'reads', breaks: admitted, lengthSteps: 10 },
  installsNothingBelowPosition: { configuration: 'reads', breaks: admitted, lengthSteps: 10 },
  installsNoUnknownBelowPosition: { configuration: 'unknown', breaks: unknown, lengthSteps: 9 },
  readNeverOverNewer: { configuration: 'reads', breaks: admittedAfterRefusal, lengthSteps: 10 },
  takesSeqWithRows: { configuration: 'reads', breaks: admitted, lengthSteps: 10 },
  readsPrimaryOnly: { configuration: 'reads', breaks: admitted, lengthSteps: 9 },
  evictionRaisesFloor: { configuration: 'reads', breaks: admittedAfterRefusal, lengthSteps: 11 },
  dropRaisesFloor: { configuration: 'pruned', breaks: admittedAfterRefusal, lengthSteps: 11 },
  keepsAnswersWithoutLease: { configuration: 'reads', breaks: admittedAfterRefusal, lengthSteps: 10 },
  oldAnswersAnswerNobody: { configuration: 'reads', breaks: overtaken, lengthSteps: 6 },
  stampsFirst: { configuration: 'clocks', breaks: admitted, lengthSteps: 13 },
  appliesBeforeLease: { configuration: 'clocks', breaks: admitted, lengthSteps: 13 },
  appliesBeforeRecord: { configuration: 'reads', breaks: admitted, lengthSteps: 10 },
  syncNeverOverNewer: { configuration: 'reads', breaks: admittedAfterRefusal, lengthSteps: 8 },
  syncsFromPrimaryOnly: { configuration: 'clocks', breaks: admitted, lengthSteps: 13 },
  ignoresGivenUpSyncs: { configuration: 'reads', breaks: admitted, lengthSteps: 15 },
  syncNeedsItsRow: { configuration: 'registration', breaks: admitted, lengthSteps: 17 },
  gapDropsMemory: { configuration: 'log', breaks: admitted, lengthSteps: 14 },
  shortPageExtendsNothing: { configuration: 'log', breaks: admitted, lengthSteps: 14 },
  changeRemovesUnknown: { configuration: 'unknown', breaks: unknown, lengthSteps: 9 },
  recordsAtOnce: { configuration: 'prompt', breaks: late, lengthSteps: 15 },
  hintsOnlyWake: { configuration: 'reads', breaks: early, lengthSteps: 7 },
  comparesWallClock: { configuration: 'clocks', breaks: admitted, lengthSteps: 13 },
  comparesSinceStamp: { configuration: 'clocks', breaks: admitted, lengthSteps: 13 },
  timeNeverRunsBack: { configuration: 'ends', breaks: admittedAfterRefusal, lengthSteps: 11 },
  answersByOwnTime: { configuration: 'ends', breaks: ended, lengthSteps: 5 },
  waitsLongerThanLease: { configuration: 'clocks', breaks: admitted, lengthSteps: 12 },
  numbersInCommitOrder: { configuration: 'commits', breaks: admitted, lengthSteps: 10 },
  readsMembersAfterCommit: { configuration: 'registration', breaks: admitted, lengthSteps: 9 },
  waitsFromCommit: { configuration: 'commits', breaks: admitted, lengthSteps: 13 },
  waitEnds: { configuration: 'prompt', breaks: late, lengthSteps: 8 },
  repeatedRevokeWaits: { configuration: 'commits', breaks: admitted, lengthSteps: 9 },
  waitsForRetired: { configuration: 'membership', breaks: admitted, lengthSteps: 8 },
  settlesByMonotonicClock: { configuration: 'membership', breaks: admitted, lengthSteps: 9 },
  settlesSilentOnly: { configuration: 'silence', breaks: admitted, lengthSteps: 15 },
  settlesFromMemberRead: { configuration: 'silence', breaks: admitted, lengthSteps: 12 },
  oneRowPerProcess: { configuration: 'membership', breaks: admitted, lengthSteps: 10 },
  stopsBeforeDrained: { configuration: 'registration', breaks: admitted, lengthSteps: 11 },
  streamNeedsLease: { configuration: 'streams', breaks: written, lengthSteps: 10 },
  changeEndsStream: { configuration: 'streams', breaks: written, lengthSteps: 10 },
  dropEndsStreams: { configuration: 'streams', breaks: written, lengthSteps: 11 },
  streamNeverOnRead: { configuration: 'streams', breaks: written, lengthSteps: 11 },
};

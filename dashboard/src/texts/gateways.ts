import type { BarrierSummary, BarrierTime } from '../../../src/core/barrier-times.ts';
import type { GatewayState, GatewaySummary } from '../../../src/core/gateway-service.ts';
import { counted, number } from '../texts.ts';

const STATES: Readonly<Record<GatewayState, string>> = {
  serving: 'Serving',
  silent: 'Silent',
  retired: 'Retired',
  drained: 'Drained',
};

/** Words of the servers that judge keys. */
export const gatewaysTexts = {
  title: 'Gateways',
  lead: 'Each judges keys by itself, under a lease that it renews all the time. A change is in force when all of them have applied it.',
  alone: {
    title: 'This server judges keys by itself',
    text: (version: string) =>
      `There is one gateway, in the same process as the database, so a change is in force when it is written. It runs version ${version}.`,
  },
  table: 'Servers that judge keys',
  name: 'Gateway',
  version: 'Version',
  state: 'State',
  states: STATES,
  lease: 'Lease renewed',
  position: 'Position',
  at: (seq: number) => `change ${number(seq)}`,
  behind: (behind: number) => (behind === 0 ? 'nothing behind' : `${counted(behind, 'change')} behind`),
  none: '–',
  since: 'Started',
  barriers: {
    title: 'Until a change is in force',
    summary: ({ count, p50Ms, p99Ms, maxMs, waitedOut }: BarrierSummary) =>
      `${count === 1 ? 'The last change' : `The last ${number(count)} changes`}: ${number(p50Ms)} ms (p50), ${number(p99Ms)} ms (p99), ${number(maxMs)} ms at most. ${waitedOut === 0 ? 'Every gateway confirmed each of them.' : `${number(waitedOut)} waited for a lease to end.`}`,
    chart: (count: number) =>
      `How long each of the last ${number(count)} changes took, on a logarithmic scale up to 2.6 seconds`,
    confirmed: 'Confirmed by all',
    waitedOut: 'Waited for a lease to end',
    one: ({ gateway, ms, confirmed, waitedOut }: BarrierTime, time: string) =>
      `${time}, told to ${gateway}: ${number(ms)} ms on ${number(confirmed)}/${number(confirmed + waitedOut)} gateways`,
  },
  evict: 'Evict',
  evictOf: (name: string) => `Evict ${name}`,
  dialog: {
    title: ({ name }: GatewaySummary) => `Evict ${name}?`,
    text: 'From then on no change waits for it. It may judge nothing until it comes back under another id, which it does by itself if it runs.',
    silent: 'It has not been heard of for a while, so that changes may be waiting for it now.',
    serving: 'It is serving. Its requests are refused for a moment, until it is back.',
    evict: 'Evict it',
    evicting: 'Waiting until its lease is over…',
    done: (name: string) => `${name} is evicted`,
  },
} as const;

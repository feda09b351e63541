import type { RenderEvent } from '../core/render-event.ts';
import { requireWholeNumbers } from './whole-numbers.ts';

/**
 * The fields of an event, in the order in which a journal and the log keep them as JSON: without names, which would be most of it. A field
 * that comes later is put behind these.
 */
export type EventValues = readonly [
  at: number,
  profileId: string,
  keyId: string,
  keyName: string,
  start: string,
  requestId: string,
  method: string,
  path: string,
  status: number,
  verdict: RenderEvent['verdict'],
  durationUs: number,
  blocks: number | null,
  bytesIn: number,
  bytesOut: number,
  ip: string,
  agent: string,
  count: number,
  isInterrupted: boolean,
];

export const EVENT_VALUES = 18 satisfies EventValues['length'];

/** Written out, as its reverse, since it is done for each answer. */
export function valuesOfEvent(event: RenderEvent): EventValues {
  return [
    event.at,
    event.profileId,
    event.keyId,
    event.keyName,
    event.start,
    event.requestId,
    event.method,
    event.path,
    event.status,
    event.verdict,
    event.durationUs,
    event.blocks,
    event.bytesIn,
    event.bytesOut,
    event.ip,
    event.agent,
    event.count,
    event.isInterrupted,
  ];
}

export function eventOfValues(values: EventValues): RenderEvent {
  return {
    at: values[0],
    profileId: values[1],
    keyId: values[2],
    keyName: values[3],
    start: values[4],
    requestId: values[5],
    method: values[6],
    path: values[7],
    status: values[8],
    verdict: values[9],
    durationUs: values[10],
    blocks: values[11],
    bytesIn: values[12],
    bytesOut: values[13],
    ip: values[14],
    agent: values[15],
    count: values[16],
    isInterrupted: values[17],
  };
}

/** Throws when one of these has a number that is none of an event. */
export function requireEventNumbers(events: readonly RenderEvent[]): void {
  for (const event of events) {
    const { at, status, durationUs, blocks, bytesIn, bytesOut, count } = event;
    requireWholeNumbers(at, status, durationUs, blocks, bytesIn, bytesOut, count);
    if (count < 1) throw new Error(`an event of key ${event.keyId} stands for nothing`);
  }
}

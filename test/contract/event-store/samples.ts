import type { EventQuery } from '../../../src/core/event-store.ts';
import { ALL_EVENTS, type RenderEvent, type StoredEvent } from '../../../src/core/render-event.ts';
import type { JournalPosition } from '../../../src/core/usage.ts';
import type { Store } from '../../../src/storage/store.ts';
import { PROFILE, sampleKey } from '../key-store/samples.ts';

/** An event of key 1 whose request id is `req_<number>`. */
export function sampleEvent(number: number, fields: Partial<RenderEvent> = {}): RenderEvent {
  return {
    at: 1_000 + number,
    profileId: PROFILE.id,
    keyId: sampleKey(1).id,
    keyName: 'Key 1',
    start: 'ok_d_abc',
    requestId: `req_${number}`,
    method: 'POST',
    path: '/render/enhance',
    status: 200,
    verdict: 'accepted',
    durationUs: 1_200,
    blocks: 4,
    bytesIn: 300,
    bytesOut: 900,
    ip: '192.0.2.7',
    agent: 'curl/8.5.0',
    count: 1,
    isInterrupted: false,
    ...fields,
  };
}

export async function record(
  store: Store,
  events: readonly RenderEvent[],
  journal: JournalPosition | null = null,
): Promise<readonly StoredEvent[]> {
  const stored = await store.recordUsage({ rows: [], lastUses: [], events, journal, at: 0 });
  if (stored === null) throw new Error('stored before');
  return stored;
}

/** Newest first, of the first profile. */
export function eventsOf(fields: Partial<EventQuery> = {}): EventQuery {
  return { ...ALL_EVENTS, profileIds: [PROFILE.id], since: null, after: null, before: null, limit: 100, ...fields };
}

export function seqsOf(events: readonly { readonly seq: number }[]): number[] {
  return events.map(({ seq }) => seq);
}

import type { EventPage, EventService, ListEvents, TailEvents, TailItem } from '../core/event-service.ts';
import { fitsFilter, type StoredEvent } from '../core/render-event.ts';

const FIRST_AT = Date.parse('2026-11-23T11:59:00Z');

/** An event of the only profile that tests know, one second after the one before it. */
export function sampleEvent(seq: number, more: Partial<StoredEvent> = {}): StoredEvent {
  return {
    seq,
    at: FIRST_AT + seq * 1000,
    profileId: 'prof_2222222222222222',
    keyId: 'key_7hq3m2xk9tqw4bnz',
    keyName: 'dev key',
    start: 'okd_7Hq3',
    requestId: `req_${seq}`,
    method: 'POST',
    path: '/render/enhance',
    status: 200,
    verdict: 'accepted',
    durationUs: 12_300,
    blocks: 5,
    bytesIn: 120,
    bytesOut: 900,
    ip: '127.0.0.1',
    agent: 'curl/8',
    count: 1,
    isInterrupted: false,
    ...more,
  };
}

/** What one connection of a tail gives. A function is called, and may throw. */
export type Script = readonly (TailItem | (() => void))[];

/** The log of a server: what is kept, and what each connection of a tail will give, one script after the other. */
export class FakeEvents implements EventService {
  kept: StoredEvent[] = [];
  scripts: Script[] = [];
  /** What was asked. */
  readonly lists: ListEvents[] = [];
  readonly tails: TailEvents[] = [];

  async list(query: ListEvents): Promise<EventPage> {
    this.lists.push(query);
    const before = query.cursor === null ? Number.POSITIVE_INFINITY : Number(query.cursor);
    const fitting = this.kept
      .filter((event) => fitsFilter(event, query) && event.at >= (query.since ?? 0) && event.seq < before)
      .reverse();
    const data = fitting.slice(0, query.limit);
    return { data, nextCursor: fitting.length > data.length ? String(data.at(-1)?.seq) : null };
  }

  /** Without a script nothing happens until the signal. */
  async *tail(query: TailEvents, signal: AbortSignal): AsyncGenerator<TailItem> {
    this.tails.push(query);
    for (const step of this.scripts.shift() ?? []) {
      if (typeof step === 'function') step();
      else yield step;
    }
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
}

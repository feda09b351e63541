import { addDuration } from './durations.ts';
import type { RenderEvent } from './render-event.ts';
import { emptySum, hourOf, type LastUse, outcomeOf, type UsageBatch, type UsageSum } from './usage.ts';
import type { AnswerEnd, KeyAnswer } from './usage-journal.ts';

/** Beyond so many rows and events another batch is begun: what one takes in a database stays far below what a statement may take there. */
export const BATCH_SIZE = 2_000;

export type Counted = Pick<UsageBatch, 'rows' | 'lastUses' | 'events'>;

/** What was counted of one secret in one hour. */
interface Place {
  readonly sum: UsageSum;
  /** `null` while none was accepted. */
  lastUse: LastUse | null;
}

/** Answers that were counted and are not stored yet: a row for each secret and hour, a last use for each secret, and the events. */
export class UsageTally {
  /** By key: few of its places are counted at once. */
  #places = new Map<string, Place[]>();
  #rows = 0;
  #events: RenderEvent[] = [];

  /** Rows and events in it. */
  get size(): number {
    return this.#rows + this.#events.length;
  }

  /** Events in it. */
  get events(): number {
    return this.#events.length;
  }

  /** Counts an answer that is over. Events of refused ones come later, several in one. */
  add({ event, secretOrdinal, inGrace }: KeyAnswer): void {
    const { keyId, at, ip, agent } = event;
    const place = this.#placeOf(keyId, secretOrdinal, inGrace, hourOf(at));
    place.sum[outcomeOf(event)] += 1;
    if (event.verdict === 'accepted') {
      if (!event.isInterrupted) addDuration(place.sum.durations, event.durationUs);
      if (place.lastUse === null || place.lastUse.at <= at) place.lastUse = { keyId, secretOrdinal, at, ip, agent };
    }
    if (!isHeldBack(event)) this.#events.push(event);
  }

  addEvents(events: readonly RenderEvent[]): void {
    this.#events.push(...events);
  }

  /** Everything in it, which it then has no more. */
  take(): Counted {
    const places = [...this.#places.values()].flat();
    const counted = { rows: places.map(({ sum }) => sum), lastUses: latestOf(places), events: this.#events };
    this.#places = new Map();
    this.#rows = 0;
    this.#events = [];
    return counted;
  }

  #placeOf(keyId: string, secretOrdinal: number, inGrace: boolean, hour: number): Place {
    const known = this.#places.get(keyId);
    const ofKey = known ?? [];
    for (const place of ofKey) {
      const { sum } = place;
      if (sum.secretOrdinal === secretOrdinal && sum.inGrace === inGrace && sum.hour === hour) return place;
    }
    if (known === undefined) this.#places.set(keyId, ofKey);
    const place = { sum: emptySum({ keyId, secretOrdinal, inGrace, hour }), lastUse: null };
    ofKey.push(place);
    this.#rows += 1;
    return place;
  }
}

/** One of each secret: its places are in several hours, with and without grace. */
function latestOf(places: readonly Place[]): readonly LastUse[] {
  const latest = new Map<string, LastUse>();
  for (const { lastUse } of places) {
    if (lastUse === null) continue;
    const secret = `${lastUse.keyId}/${lastUse.secretOrdinal}`;
    const known = latest.get(secret);
    if (known === undefined || known.at <= lastUse.at) latest.set(secret, lastUse);
  }
  return [...latest.values()];
}

/** The answer as it was when it was over. */
export function finishedAnswer(answer: KeyAnswer, end: AnswerEnd): KeyAnswer {
  return { ...answer, event: { ...answer.event, ...end } };
}

/** The answer as it counts when nobody knows that it ever ended. */
export function interruptedAnswer(answer: KeyAnswer): KeyAnswer {
  return { ...answer, event: { ...answer.event, isInterrupted: true } };
}

/** Refused and limited: whoever hammers at a dead key must not fill the log. */
export function isHeldBack(event: RenderEvent): boolean {
  return event.verdict !== 'accepted' && outcomeOf(event) !== 'serverErrors';
}

/** Events that are held back until their second is over: one for each key, verdict and second, with their number in `count`. */
export class HeldEvents {
  readonly #groups = new Map<string, RenderEvent>();

  get size(): number {
    return this.#groups.size;
  }

  add(event: RenderEvent): void {
    const place = `${event.keyId}/${event.verdict}/${secondOf(event.at)}`;
    const count = event.count + (this.#groups.get(place)?.count ?? 0);
    this.#groups.set(place, { ...event, count });
  }

  /** Those of seconds before this one, which it then holds no more. */
  release(beforeSecond: number): RenderEvent[] {
    const released: RenderEvent[] = [];
    for (const [place, event] of this.#groups) {
      if (secondOf(event.at) >= beforeSecond) continue;
      this.#groups.delete(place);
      released.push(event);
    }
    return released;
  }
}

/** Whole seconds since the epoch. */
export function secondOf(time: number): number {
  return Math.floor(time / 1000);
}

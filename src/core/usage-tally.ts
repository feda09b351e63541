import { addDuration } from './durations.ts';
import type { RenderEvent } from './render-event.ts';
import {
  emptySum,
  hourOf,
  type LastUse,
  outcomeOf,
  type UsageBatch,
  type UsagePlace,
  type UsageRow,
  type UsageSum,
} from './usage.ts';
import type { AnswerEnd, KeyAnswer } from './usage-journal.ts';

/** Beyond so many rows and events another batch is begun: what one takes in a database stays far below what a statement may take there. */
export const BATCH_SIZE = 2_000;

export type Counted = Pick<UsageBatch, 'rows' | 'lastUses' | 'events'>;

/** Answers that were counted and are not stored yet: a row for each secret and hour, a last use for each secret, and the events. */
export class UsageTally {
  #rows = new Map<string, UsageSum>();
  #lastUses = new Map<string, LastUse>();
  #events: RenderEvent[] = [];

  /** Rows and events in it. */
  get size(): number {
    return this.#rows.size + this.#events.length;
  }

  /** Events in it. */
  get events(): number {
    return this.#events.length;
  }

  /** Counts an answer that is over. Events of refused ones come later, several in one. */
  add({ event, secretOrdinal, inGrace }: KeyAnswer): void {
    const { keyId, at, ip, agent } = event;
    const sum = this.#sumAt({ keyId, secretOrdinal, inGrace, hour: hourOf(at) });
    sum[outcomeOf(event)] += 1;
    if (event.verdict === 'accepted') {
      if (!event.isInterrupted) addDuration(sum.durations, event.durationUs);
      this.#keepLater({ keyId, secretOrdinal, at, ip, agent });
    }
    if (!isHeldBack(event)) this.#events.push(event);
  }

  addEvents(events: readonly RenderEvent[]): void {
    this.#events.push(...events);
  }

  /** Everything in it, which it then has no more. */
  take(): Counted {
    const rows: readonly UsageRow[] = [...this.#rows.values()];
    const counted = { rows, lastUses: [...this.#lastUses.values()], events: this.#events };
    this.#rows = new Map();
    this.#lastUses = new Map();
    this.#events = [];
    return counted;
  }

  #sumAt(place: UsagePlace): UsageSum {
    const name = `${place.keyId}/${place.secretOrdinal}/${place.inGrace}/${place.hour}`;
    const known = this.#rows.get(name);
    if (known !== undefined) return known;
    const sum = emptySum(place);
    this.#rows.set(name, sum);
    return sum;
  }

  #keepLater(lastUse: LastUse): void {
    const place = `${lastUse.keyId}/${lastUse.secretOrdinal}`;
    const known = this.#lastUses.get(place);
    if (known === undefined || known.at <= lastUse.at) this.#lastUses.set(place, lastUse);
  }
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

import type { Verdict } from '../../src/core/verdict.ts';

/** A secret that requests are sent with, and what the gateway has to say of it. */
export interface OracleSecret {
  readonly plaintext: string;
  /** Index of its key; `null` for one that no key has. */
  readonly key: number | null;
  /** Without the limit of its key. */
  verdict: Verdict['kind'];
  /** It is the old one of a rotated key. */
  isOld: boolean;
  /** When it ends by itself, and as what. */
  end: { readonly at: number; readonly verdict: Verdict['kind'] } | null;
}

type Numbers = Record<string, number>;

/** What a client knows of the answers that it received, in the words of statistics, events and metrics. */
export class UsageOracle {
  /** By key. */
  readonly totals: Numbers[];
  /** By key, then by the start of the hour. */
  readonly hours: Map<number, Numbers>[];
  /** By key: events by status and verdict. */
  readonly events: Numbers[];
  /** By status and verdict, of everybody. */
  readonly metrics: Numbers = {};
  /** By key: answers to the old and the current secret since the last call of `rotated`. */
  readonly answered: { old: number; current: number }[];

  constructor(keys: number) {
    const of = <Value>(make: () => Value) => Array.from({ length: keys }, make);
    this.totals = of(() => ({}));
    this.hours = of(() => new Map());
    this.events = of(() => ({}));
    this.answered = of(() => ({ old: 0, current: 0 }));
  }

  /** An answer at that time. Throws when the status is none that the secret can be answered with. */
  add({ key, verdict: expected, isOld }: OracleSecret, status: number, now: number): void {
    const verdict = status === 429 && expected === 'accepted' ? 'rate_limited' : expected;
    if ((status === 401) !== (verdict !== 'accepted' && verdict !== 'rate_limited') || status >= 500) {
      throw new Error(`a secret that is ${expected} was answered with ${status}`);
    }
    increment(this.metrics, `${status} ${verdict}`);
    if (key === null) return;
    const outcome = outcomeOf(status, verdict);
    const hour = now - (now % 3_600_000);
    const hours = this.hours[key] as Map<number, Numbers>;
    if (!hours.has(hour)) hours.set(hour, {});
    increment(this.totals[key] as Numbers, outcome);
    increment(hours.get(hour) as Numbers, outcome);
    increment(this.events[key] as Numbers, `${status} ${verdict}`);
    const answered = this.answered[key];
    if (verdict === 'accepted' && answered !== undefined) answered[isOld ? 'old' : 'current'] += 1;
  }

  rotated(key: number): void {
    this.answered[key] = { old: 0, current: 0 };
  }
}

function outcomeOf(status: number, verdict: Verdict['kind']): string {
  if (status === 401) return verdict;
  if (status === 429) return 'rateLimited';
  return status === 200 ? 'served' : 'clientErrors';
}

function increment(numbers: Numbers, name: string): void {
  numbers[name] = (numbers[name] ?? 0) + 1;
}

/** Only what is not zero, so that it can be compared with what was counted. */
export function nonZero(numbers: Readonly<Record<string, number>>): Numbers {
  return Object.fromEntries(Object.entries(numbers).filter(([, count]) => count !== 0));
}

export function sumOf(all: Iterable<readonly [name: string, count: number]>): Numbers {
  const sum: Numbers = {};
  for (const [name, count] of all) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

import { OutkitError } from '../core/errors.ts';

export interface SentRead<Answer> {
  /** Of the monotonic clock, before it was sent. */
  readonly sentAtMs: number;
  readonly answer: Answer;
}

interface Running<Answer> {
  readonly sentAtMs: number;
  readonly result: Promise<SentRead<Answer>>;
  /** For those who came too late for this one. */
  next: PromiseWithResolvers<SentRead<Answer>> | null;
}

const MAX_RUNNING = 1_000;

/** Reads of which each name has at most one under way, and one behind it that all who came later share. */
export class SharedReads<Name, Answer> {
  readonly #ask: (name: Name) => Promise<Answer>;
  readonly #monotonicNow: () => number;
  readonly #running = new Map<Name, Running<Answer>>();

  constructor(ask: (name: Name) => Promise<Answer>, monotonicNow: () => number) {
    this.#ask = ask;
    this.#monotonicNow = monotonicNow;
  }

  /** A read that was sent at `sentAfterMs` or later. `unavailable` when too many are under way. */
  read(name: Name, sentAfterMs: number): Promise<SentRead<Answer>> {
    const running = this.#running.get(name);
    if (running !== undefined && running.sentAtMs >= sentAfterMs) return running.result;
    if (running !== undefined) {
      running.next ??= Promise.withResolvers();
      return running.next.promise;
    }
    if (this.#running.size < MAX_RUNNING) return this.#send(name);
    return Promise.reject(new OutkitError('unavailable', 'Too many keys are being looked up'));
  }

  #send(name: Name): Promise<SentRead<Answer>> {
    const sentAtMs = this.#monotonicNow();
    const result = this.#ask(name)
      .then((answer) => ({ sentAtMs, answer }))
      .finally(() => this.#ended(name));
    this.#running.set(name, { sentAtMs, result, next: null });
    return result;
  }

  #ended(name: Name): void {
    const next = this.#running.get(name)?.next;
    this.#running.delete(name);
    next?.resolve(this.#send(name));
  }
}

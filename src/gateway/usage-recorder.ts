import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { RenderEvent, StoredEvent } from '../core/render-event.ts';
import type { UsageBatch } from '../core/usage.ts';
import type { AnswerEnd, JournalRecord, KeyAnswer, StartRecord, UsageJournal } from '../core/usage-journal.ts';
import { BATCH_SIZE, finishedAnswer, HeldEvents, isHeldBack, secondOf, UsageTally } from '../core/usage-tally.ts';

const FLUSH_INTERVAL_MS = 100;
const SECOND_MS = 1_000;

export interface RecorderPorts {
  readonly store: Pick<KeyStore, 'recordUsage'>;
  readonly journal: UsageJournal;
  readonly clock: Clock;
  /** Whether the store has to know the time, so that it does not run back. */
  readonly keepsTime: boolean;
  /** Called with the first failure of a row of them. */
  readonly onProblem: (what: string, error: unknown) => void;
  /** Called with events in their places, when they are stored; `null` for some that had been, nobody knows where. */
  readonly onStored: (events: readonly StoredEvent[] | null) => void;
}

type Work = 'write' | 'renew' | 'store';

const PROBLEMS: Readonly<Record<Work, string>> = {
  write: 'the usage journal cannot be written, and requests that cannot be counted are answered with 503',
  renew: 'the usage journal cannot be relied on, and requests are answered with 503 until it is made anew',
  store: 'usage could not be stored',
};

/** Called once: with `null` when the answer may leave, else with what MUST be answered in its place. */
export type Recorded = (refusal: OutkitError | null) => void;

interface Begun {
  readonly start: StartRecord;
  readonly recorded: Recorded;
}

interface Ended {
  readonly started: StartRecord;
  readonly end: AnswerEnd;
}

/**
 * Counts each answer to a known key once. `record` puts it into the journal before its first byte leaves, `finished` when it is over;
 * from then on it is counted, and every 100 ms what was counted is stored together with the position of the journal. All that begins and
 * ends in one turn of the event loop is one write. A batch that cannot be stored is tried again before the next, and grows no more. Memory
 * is bounded: answers that run, and what the journal takes while nothing can be stored.
 */
export class UsageRecorder {
  readonly #ports: RecorderPorts;
  readonly #tally = new UsageTally();
  readonly #held = new HeldEvents();
  /** In this turn, and not in the journal yet. */
  #begun: Begun[] = [];
  /** By request. */
  readonly #open = new Map<string, StartRecord>();
  /** In their order. The first may have been handed to the store already, and is not known to be stored. */
  readonly #batches: UsageBatch[] = [];
  /** Over, but not in the journal yet: it could not be written. */
  #ended: Ended[] = [];
  #number = 0;
  #isOpen = true;
  readonly #failing = new Set<Work>();
  #flushTimer: NodeJS.Timeout | undefined;
  #releaseTimer: NodeJS.Timeout | undefined;
  #endOfTurn: NodeJS.Immediate | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
  }

  /** Puts into the journal what is about to be answered, at the end of this turn. What cannot be counted MUST NOT be answered. */
  record(answer: KeyAnswer, recorded: Recorded): void {
    const unsound = this.#isOpen ? this.#unsound() : uncounted(null);
    if (unsound !== null) {
      recorded(unsound);
      return;
    }
    this.#number += 1;
    this.#begun.push({ start: { kind: 'start', number: this.#number, answer }, recorded });
    this.#writeAtEndOfTurn();
  }

  /** The answer to this request is over, and was this. Nothing is counted of one whose start could not be recorded. */
  finished(requestId: string, end: AnswerEnd): void {
    const started = this.#open.get(requestId);
    if (started === undefined || !this.#isOpen) return;
    this.#open.delete(requestId);
    this.#ended.push({ started, end });
    // Soon: what has no end when the process is killed counts as interrupted, though the client may have it.
    this.#writeAtEndOfTurn();
  }

  /** Answers that were begun and are not over. */
  get openAnswers(): number {
    return this.#open.size;
  }

  /** Events that happened and are not stored yet. */
  get waitingEvents(): number {
    const inBatches = this.#batches.reduce((sum, { events }) => sum + events.length, 0);
    return inBatches + this.#tally.events + this.#held.size;
  }

  /** Stores what was counted until now. Statistics call it first, so that they show every answer that was given. */
  flush(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    this.#flushing = this.#flushing.catch(() => undefined).then(() => this.#store());
    return this.#flushing;
  }

  /** Stores everything and takes no more. What cannot be stored stays in the journal for the next start. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#write();
    clearTimeout(this.#releaseTimer);
    this.#release(Number.MAX_SAFE_INTEGER);
    try {
      await this.flush();
    } finally {
      clearTimeout(this.#flushTimer);
      await this.#ports.journal.close(this.#isAllStored && this.#open.size === 0 && this.#ended.length === 0);
    }
  }

  get #isAllStored(): boolean {
    return this.#batches.length === 0 && this.#tally.size === 0 && this.#held.size === 0;
  }

  /** Ends that wait go first, in the same write. */
  #append(records: readonly JournalRecord[]): void {
    // Here all that stands in the journal as over is counted, so that a batch may end.
    if (this.#tally.size >= BATCH_SIZE) this.#endBatch();
    const ended = this.#ended;
    const ends = ended.map(({ started: { number }, end }): JournalRecord => ({ kind: 'end', number, end }));
    this.#ports.journal.append([...ends, ...records]);
    this.#failing.delete('write');
    this.#ended = [];
    for (const { started, end } of ended) this.#count(finishedAnswer(started.answer, end));
  }

  #count(answer: KeyAnswer): void {
    this.#tally.add(answer);
    if (isHeldBack(answer.event)) this.#hold(answer.event);
    this.#schedule();
  }

  #writeAtEndOfTurn(): void {
    this.#endOfTurn ??= setImmediate(() => this.#write());
  }

  /** What began and ended in this turn. */
  #write(): void {
    clearImmediate(this.#endOfTurn);
    this.#endOfTurn = undefined;
    const begun = this.#begun;
    if (begun.length === 0 && this.#ended.length === 0) return;
    this.#begun = [];
    try {
      this.#append(begun.map(({ start }) => start));
    } catch (error) {
      this.#report('write', error);
      tellAll(begun, uncounted(error));
      return;
    }
    for (const { start } of begun) this.#open.set(start.answer.event.requestId, start);
    const durable = begun.length === 0 ? null : this.#ports.journal.durable();
    if (durable === null) tellAll(begun, null);
    else
      durable.then(
        () => tellAll(begun, null),
        // One that was made anew meanwhile has them, too.
        () => tellAll(begun, this.#unsound()),
      );
  }

  #hold(event: RenderEvent): void {
    this.#held.add(event);
    this.#releaseWhenOver(event.at);
  }

  #releaseWhenOver(time: number): void {
    if (!this.#isOpen) return;
    const next = secondOf(time) + 1;
    this.#releaseTimer ??= setTimeout(() => this.#release(next), SECOND_MS - (time % SECOND_MS));
  }

  /** The journal first: a replay must know which events are in the log. */
  #release(beforeSecond: number): void {
    this.#releaseTimer = undefined;
    if (this.#held.size === 0) return;
    try {
      this.#append([{ kind: 'release', beforeSecond }]);
      this.#tally.addEvents(this.#held.release(beforeSecond));
    } catch (error) {
      this.#report('write', error);
    }
    if (this.#held.size > 0) this.#releaseWhenOver(this.#ports.clock.now());
    this.#schedule();
  }

  async #store(): Promise<void> {
    this.#write();
    if (this.#ports.journal.needsRenewal) this.#release(Number.MAX_SAFE_INTEGER);
    await this.#storeBatches();
    this.#endBatch();
    await this.#storeBatches();
    this.#renewJournal();
  }

  /** What was counted since the last one becomes a batch. Its place in the journal is the end of it. */
  #endBatch(): void {
    const { journal, clock, keepsTime } = this.#ports;
    if (this.#tally.size === 0) return;
    // With the time: what a request was told of an end holds after a crash and a clock set back, too.
    const at = keepsTime ? clock.now() : null;
    this.#batches.push({ ...this.#tally.take(), journal: journal.position(), at });
  }

  /** A batch that failed is stored as it was: nobody knows whether it was written before the connection broke, and the store knows it again. */
  async #storeBatches(): Promise<void> {
    const { store, journal, onStored } = this.#ports;
    for (let [batch] = this.#batches; batch !== undefined; [batch] = this.#batches) {
      // The database must not know of ends that the journal could lose. One that cannot be synced is made anew afterwards.
      await journal.durable()?.catch(() => undefined);
      try {
        const stored = await store.recordUsage(batch);
        this.#batches.shift();
        this.#failing.delete('store');
        if (stored === null || stored.length > 0) onStored(stored);
      } catch (error) {
        this.#report('store', error);
        throw error;
      }
    }
  }

  #renewJournal(): void {
    const { journal } = this.#ports;
    if (!journal.needsRenewal || !this.#isAllStored) return;
    try {
      // Also when nobody asked for an answer meanwhile, a disk that failed is told of.
      journal.requireSound();
    } catch (error) {
      this.#report('renew', error);
    }
    try {
      journal.renew([...this.#ended.map(({ started }) => started), ...this.#open.values()]);
      this.#failing.delete('renew');
    } catch (error) {
      this.#report('renew', error);
    }
  }

  /** `null` while the journal can be relied on. */
  #unsound(): OutkitError | null {
    try {
      this.#ports.journal.requireSound();
      return null;
    } catch (error) {
      this.#report('renew', error);
      return uncounted(error);
    }
  }

  /** Says the first failure of a row, and tries again soon. */
  #report(work: Work, error: unknown): void {
    if (!this.#failing.has(work)) this.#ports.onProblem(PROBLEMS[work], error);
    this.#failing.add(work);
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#isOpen) return;
    this.#flushTimer ??= setTimeout(() => void this.flush().catch(() => undefined), FLUSH_INTERVAL_MS);
  }
}

function tellAll(begun: readonly Begun[], refusal: OutkitError | null): void {
  for (const { recorded } of begun) recorded(refusal);
}

function uncounted(cause: unknown): OutkitError {
  return new OutkitError('unavailable', 'The server cannot count this request now, so it does not answer it', null, {
    cause,
  });
}

import { NOON } from '../../test/key-builder.ts';
import { aRenderEvent } from '../../test/render-event-builder.ts';
import { OutkitError } from '../core/errors.ts';
import { replay } from '../core/journal-replay.ts';
import type { RenderEvent, StoredEvent } from '../core/render-event.ts';
import type { UsageBatch } from '../core/usage.ts';
import type { JournalRecord, StartRecord, UsageJournal } from '../core/usage-journal.ts';
import { UsageRecorder } from './usage-recorder.ts';

/** A journal in memory, whose faults the test decides on. */
export class TestJournal implements UsageJournal {
  records: JournalRecord[] = [];
  /** Number of records before the first of `records`. */
  #base = 0;
  isFull = false;
  isSound = true;
  isLong = false;
  syncing: Promise<void> | null = null;
  closed: boolean | null = null;

  append(records: readonly JournalRecord[]): void {
    if (this.isFull) throw new OutkitError('unavailable', 'no space');
    this.records.push(...records);
  }

  requireSound(): void {
    if (!this.isSound) throw new OutkitError('unavailable', 'not synced');
  }

  durable(): Promise<void> | null {
    return this.syncing;
  }

  position() {
    return { epoch: 'e', position: this.#base + this.records.length };
  }

  get needsRenewal(): boolean {
    return this.isLong || !this.isSound;
  }

  renew(open: readonly StartRecord[]): void {
    this.#base += this.records.length;
    this.records = [...open];
    this.isSound = true;
    this.isLong = false;
  }

  async close(isDone: boolean): Promise<void> {
    this.closed ??= isDone;
  }

  /** What a start after a kill would count beyond that position. */
  replayedFrom(position: number) {
    const placed = this.records.map((record, index) => ({ position: this.#base + index, record }));
    return replay(placed, position, false);
  }
}

export function recording(recordUsage: (batch: UsageBatch) => Promise<void> = async () => {}) {
  const clock = { time: NOON, now: () => clock.time };
  const journal = new TestJournal();
  const batches: UsageBatch[] = [];
  const problems: string[] = [];
  const stored: StoredEvent[] = [];
  const recorder = new UsageRecorder({
    store: {
      async recordUsage(batch) {
        await recordUsage(batch);
        batches.push(batch);
        return batch.events.map((event, index) => ({ ...event, seq: index + 1 }));
      },
    },
    journal,
    clock,
    onProblem: (what) => problems.push(what),
    keepsTime: true,
    onStored: (events) => stored.push(...(events ?? [])),
  });
  let requests = 0;
  const begun = (fields: Partial<RenderEvent> = {}, inGrace = false) => {
    requests += 1;
    const event = aRenderEvent({ at: clock.time, requestId: `req_${requests}`, ...fields });
    const recorded = new Promise<void>((resolve, reject) => {
      recorder.record({ event, secretOrdinal: 1, inGrace }, (refusal) => {
        if (refusal === null) resolve();
        else reject(refusal);
      });
    });
    return { recorded, finish: () => recorder.finished(event.requestId, { ...event, at: clock.time }) };
  };
  const answer = async (fields?: Partial<RenderEvent>, inGrace?: boolean) => {
    const { recorded, finish } = begun(fields, inGrace);
    await recorded;
    finish();
  };
  return { clock, journal, recorder, batches, problems, stored, begun, answer };
}

/** Turns of the event loop are real in all tests of the recorder: what it does at the end of one waits for no clock. */
export const FAKED_TIMERS = ['setTimeout', 'clearTimeout'] as const;

export const REFUSED = { status: 401, verdict: 'revoked' } as const;

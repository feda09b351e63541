import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { aRenderEvent } from '../../test/render-event-builder.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { HOUR_MS } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import { replay } from '../core/journal-replay.ts';
import type { RenderEvent, StoredEvent } from '../core/render-event.ts';
import { totalUsage, type UsageBatch } from '../core/usage.ts';
import type { JournalRecord, StartRecord, UsageJournal } from '../core/usage-journal.ts';
import { UsageRecorder } from './usage-recorder.ts';

/** A journal in memory, whose faults the test decides on. */
class TestJournal implements UsageJournal {
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

function recording(recordUsage: (batch: UsageBatch) => Promise<void> = async () => {}) {
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
    onStored: (events) => stored.push(...(events ?? [])),
  });
  let requests = 0;
  const begun = (fields: Partial<RenderEvent> = {}, inGrace = false) => {
    requests += 1;
    const event = aRenderEvent({ at: clock.time, requestId: `req_${requests}`, ...fields });
    const recorded = recorder.record({ event, secretOrdinal: 1, inGrace });
    return { recorded, finish: () => recorder.finished({ ...event, at: clock.time }) };
  };
  const answer = (fields?: Partial<RenderEvent>, inGrace?: boolean) => begun(fields, inGrace).finish();
  return { clock, journal, recorder, batches, problems, stored, begun, answer };
}

const REFUSED = { status: 401, verdict: 'revoked' } as const;

describe('UsageRecorder', () => {
  it('sums up by secret, hour and grace window, and stores each answer once', async () => {
    const { clock, recorder, batches, answer } = recording();
    answer();
    answer({ status: 422 });
    answer({}, true);
    clock.time += HOUR_MS;
    answer();
    await Promise.all([recorder.flush(), recorder.flush()]);
    await recorder.flush();
    expect(batches).toHaveLength(1);
    const rows = batches[0]?.rows ?? [];
    expect(rows.map(({ hour, inGrace, served, clientErrors }) => [hour - NOON, inGrace, served, clientErrors])).toEqual(
      [
        [0, false, 1, 1],
        [0, true, 1, 0],
        [HOUR_MS, false, 1, 0],
      ],
    );
    expect(batches[0]?.events.map(({ status }) => status)).toEqual([200, 422, 200, 200]);
    expect(batches[0]?.journal).toEqual({ epoch: 'e', position: 8 });
  });

  it('has a start in the journal before an answer leaves, and counts it when it is over', async () => {
    const { journal, recorder, batches, begun } = recording();
    const { recorded, finish } = begun();
    expect(recorded).toBeNull();
    expect(journal.records.map(({ kind }) => kind)).toEqual(['start']);
    await recorder.flush();
    expect(batches).toEqual([]);
    finish();
    await recorder.flush();
    expect(batches[0]?.rows).toMatchObject([{ served: 1 }]);
    expect(journal.replayedFrom(batches[0]?.journal?.position ?? 0).counted.rows).toEqual([]);
  });

  it('tries a batch that could not be stored again as it was, and stores what came meanwhile behind it', async () => {
    let fails = true;
    const { clock, recorder, batches, stored, answer } = recording(async () => {
      if (!fails) return;
      clock.time += 1000;
      answer();
      throw new Error('disk full');
    });
    answer();
    await expect(recorder.flush()).rejects.toThrow('disk full');
    expect(stored).toEqual([]);
    fails = false;
    await recorder.flush();
    expect(batches).toMatchObject([
      { rows: [{ served: 1 }], lastUses: [{ at: NOON }], journal: { position: 2 }, at: NOON },
      { rows: [{ served: 1 }], lastUses: [{ at: NOON + 1000 }], journal: { position: 4 } },
    ]);
    expect(stored.map(({ requestId }) => requestId)).toEqual(['req_1', 'req_2']);
  });

  it('goes on when a batch turns out to be stored already, and tells that its events are somewhere in the log', async () => {
    const journal = new TestJournal();
    const told: unknown[] = [];
    const handed: UsageBatch[] = [];
    const recorder = new UsageRecorder({
      store: {
        async recordUsage(batch) {
          handed.push(batch);
          if (handed.length === 1) throw new Error('the reply to the commit was lost');
          return handed.length === 2 ? null : [];
        },
      },
      journal,
      clock: { now: () => NOON },
      onProblem: () => {},
      onStored: (events) => told.push(events),
    });
    const event = aRenderEvent({ requestId: 'req_1' });
    recorder.record({ event, secretOrdinal: 1, inGrace: false });
    recorder.finished(event);
    await expect(recorder.flush()).rejects.toThrow();
    expect(recorder.waitingEvents).toBe(1);
    await recorder.flush();
    expect([handed[1], told, recorder.waitingEvents]).toEqual([handed[0], [null], 0]);
    await recorder.close();
    expect([handed.length, journal.closed]).toEqual([2, true]);
  });

  it('takes only accepted requests for a use', async () => {
    const { recorder, batches, answer } = recording();
    answer(REFUSED);
    await recorder.flush();
    expect(batches[0]).toMatchObject({ rows: [{ revoked: 1 }], lastUses: [] });
  });

  it('tries again by itself, and reports a row of failures once', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let fails = true;
    const { problems, batches, answer } = recording(async () => {
      if (fails) throw new Error('disk full');
    });
    answer();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(problems).toEqual(['usage could not be stored']);
    fails = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toMatchObject([{ rows: [{ served: 1 }] }]);
  });

  it('has stored everything when it is closed, and answers nothing afterwards', async () => {
    const { journal, recorder, batches, begun, answer } = recording();
    answer();
    answer(REFUSED);
    await recorder.close();
    expect(batches.flatMap(({ rows }) => rows)).toMatchObject([{ served: 1, revoked: 1 }]);
    expect(batches.flatMap(({ events }) => events)).toHaveLength(2);
    expect(journal.closed).toBe(true);
    expect(() => begun()).toThrow('cannot count');
  });

  it.each([
    ['an answer is open', async () => {}, ({ begun }: ReturnType<typeof recording>) => void begun()],
    [
      'it cannot be stored',
      async () => {
        throw new Error('disk full');
      },
      ({ answer }: ReturnType<typeof recording>) => answer(),
    ],
  ])('leaves the journal for the next start when %s', async (_what, recordUsage, act) => {
    const recorded = recording(recordUsage);
    act(recorded);
    await recorded.recorder.close().catch(() => undefined);
    expect(recorded.journal.closed).toBe(false);
  });
});

describe('refused and limited requests', () => {
  it('are one event for each key, verdict and second, when that second is over, and are counted at once', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { clock, recorder, batches, stored, answer } = recording();
    for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) answer({ ...REFUSED, ip });
    answer({ status: 429, verdict: 'rate_limited' });
    await recorder.flush();
    expect(batches).toMatchObject([{ rows: [{ revoked: 3, rateLimited: 1 }], events: [] }]);
    clock.time += 1000;
    answer(REFUSED);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(stored.map(({ verdict, count }) => [verdict, count])).toEqual([
      ['revoked', 3],
      ['rate_limited', 1],
    ]);
    clock.time += 1000;
    await vi.advanceTimersByTimeAsync(1_100);
    expect(stored).toHaveLength(3);
    expect(stored[0]).toMatchObject({ ip: '192.0.2.3' });
  });

  it('have each event once, whenever the process is killed', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { clock, journal, recorder, batches, stored, answer } = recording();
    for (let request = 0; request < 20; request++) {
      answer(REFUSED);
      await recorder.flush();
      const { events } = journal.replayedFrom(batches.at(-1)?.journal?.position ?? 0).counted;
      expect([...stored, ...events].reduce((sum, { count }) => sum + count, 0)).toBe(request + 1);
      clock.time += 300;
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(stored.length).toBeGreaterThan(2);
  });
});

describe('a journal that cannot be written', () => {
  it('refuses requests until it can, says so once, and loses none of the answers that were on their way', async () => {
    const { journal, recorder, problems, batches, begun, answer } = recording();
    const running = begun();
    journal.isFull = true;
    running.finish();
    for (let request = 0; request < 3; request++) expect(() => begun()).toThrow('cannot count');
    await recorder.flush();
    expect(problems).toHaveLength(1);
    expect(batches).toEqual([]);
    journal.isFull = false;
    answer();
    await recorder.flush();
    expect(batches).toMatchObject([{ rows: [{ served: 2 }] }]);
    journal.isFull = true;
    expect(() => begun()).toThrow('cannot count');
    expect(problems).toHaveLength(2);
  });

  it('counts nothing of a request that it refused', async () => {
    const { journal, recorder, batches, begun, clock } = recording();
    journal.isFull = true;
    expect(() => begun()).toThrow();
    journal.isFull = false;
    recorder.finished(aRenderEvent({ requestId: 'req_1', status: 503, at: clock.time }));
    await recorder.flush();
    expect(batches).toEqual([]);
  });

  it('is made anew when it cannot be relied on, with the answers that are open, and then goes on', async () => {
    const { journal, recorder, problems, batches, begun, answer } = recording();
    const running = begun();
    answer();
    journal.isSound = false;
    expect(() => begun()).toThrow('cannot count');
    await recorder.flush();
    expect(journal.records).toMatchObject([{ kind: 'start', number: 1 }]);
    running.finish();
    answer();
    await recorder.flush();
    expect(batches.flatMap(({ rows }) => rows)).toMatchObject([{ served: 1 }, { served: 2 }]);
    expect(problems).toHaveLength(1);
  });

  it('lets nobody answer before it is synced, where answers wait for that', async () => {
    const { journal, begun } = recording();
    const sync = Promise.withResolvers<void>();
    journal.syncing = sync.promise;
    const { recorded } = begun();
    let isRecorded = false;
    const waiting = recorded?.then(() => {
      isRecorded = true;
    });
    await new Promise(setImmediate);
    expect(isRecorded).toBe(false);
    sync.resolve();
    await waiting;
    expect(isRecorded).toBe(true);
  });

  it('refuses an answer whose sync failed, and counts it as what went out in its place', async () => {
    const { journal, recorder, batches, begun, clock } = recording();
    journal.syncing = Promise.reject(new Error('EIO'));
    const { recorded } = begun();
    journal.isSound = false;
    await expect(recorded).rejects.toThrow('cannot count');
    recorder.finished(aRenderEvent({ requestId: 'req_1', status: 503, at: clock.time }));
    await recorder.flush();
    expect(batches).toMatchObject([{ rows: [{ served: 0, serverErrors: 1 }] }]);
  });
});

describe('a long journal', () => {
  it('is made anew with the answers that are open, when everything else is stored', async () => {
    const { journal, recorder, begun, answer, batches } = recording();
    const open = begun();
    for (let request = 0; request < 5; request++) answer(REFUSED);
    answer();
    journal.isLong = true;
    await recorder.flush();
    expect(journal.records).toMatchObject([{ kind: 'start', number: 1 }]);
    const position = batches.at(-1)?.journal?.position ?? 0;
    expect(journal.replayedFrom(position)).toMatchObject({ interrupted: 1, counted: { rows: [{ serverErrors: 1 }] } });
    open.finish();
    await recorder.flush();
    expect(batches.flatMap(({ events }) => events).reduce((sum, { count }) => sum + count, 0)).toBe(7);
  });
});

describe('whatever happens', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'what is stored and what a replay adds to it are what was answered, at any moment (seed %i)',
    async (seed) => {
      vi.useFakeTimers();
      onTestFinished(() => void vi.useRealTimers());
      const random = seededRandom(seed);
      const below = (end: number) => (random(new Uint8Array(1))[0] ?? 0) % end;
      let storeFails = false;
      const { clock, journal, recorder, batches, begun } = recording(async () => {
        if (storeFails) throw new Error('disk full');
      });
      const running: (() => void)[] = [];
      let answered = 0;
      const acts: (() => unknown)[] = [
        () => {
          const refused = below(3) === 0;
          try {
            running.push(begun({ ...(refused ? REFUSED : {}), keyId: `key_${below(2)}` }).finish);
            answered += 1;
          } catch (error) {
            expect(error).toMatchObject({ code: 'unavailable' });
          }
        },
        () => running.splice(below(Math.max(1, running.length)), 1)[0]?.(),
        () => recorder.flush().catch(() => undefined),
        () => {
          const ms = below(250) * 4;
          clock.time += ms;
          return vi.advanceTimersByTimeAsync(ms);
        },
        () => {
          storeFails = below(3) === 0;
        },
        () => {
          journal.isFull = below(3) === 0;
        },
        () => {
          if (below(4) === 0) journal.isLong = true;
        },
        () => {
          if (below(8) === 0) journal.isSound = false;
        },
      ];
      for (let step = 0; step < 600; step++) {
        await acts[below(2) === 0 ? below(2) : below(acts.length)]?.();
        const { counted } = journal.replayedFrom(batches.at(-1)?.journal?.position ?? 0);
        const all = [...batches, counted];
        const counts = Object.values(totalUsage(all.flatMap(({ rows }) => rows)));
        expect(counts.reduce((left, right) => left + right)).toBe(answered);
        expect(all.flatMap(({ events }) => events).reduce((sum, { count }) => sum + count, 0)).toBe(answered);
      }
      expect(answered).toBeGreaterThan(50);
      Object.assign(journal, { isFull: false });
      storeFails = false;
      for (const finish of running) finish();
      await recorder.close();
      expect(journal.closed).toBe(true);
      expect(batches.flatMap(({ events }) => events).some(({ isInterrupted }) => isInterrupted)).toBe(false);
      expect(batches.flatMap(({ events }) => events).reduce((sum, { count }) => sum + count, 0)).toBe(answered);
    },
  );
});

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { aRenderEvent } from '../../test/render-event-builder.ts';
import { HOUR_MS } from '../core/clock.ts';
import { totalUsage, type UsageBatch, type UsageCounts } from '../core/usage.ts';
import { BATCH_SIZE } from '../core/usage-tally.ts';
import { FAKED_TIMERS, REFUSED, recording, TestJournal } from './usage-recorder.fixture.ts';
import { UsageRecorder } from './usage-recorder.ts';

const countOf = (rows: readonly UsageCounts[]) =>
  Object.values(totalUsage(rows)).reduce((sum, count) => sum + count, 0);

describe('UsageRecorder', () => {
  it('sums up by secret, hour and grace window, and stores each answer once', async () => {
    const { clock, recorder, batches, answer } = recording();
    await answer();
    await answer({ status: 422 });
    await answer({}, true);
    clock.time += HOUR_MS;
    await answer();
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
    expect(journal.records).toEqual([]);
    await recorded;
    expect(journal.records.map(({ kind }) => kind)).toEqual(['start']);
    await recorder.flush();
    expect(batches).toEqual([]);
    finish();
    await recorder.flush();
    expect(batches[0]?.rows).toMatchObject([{ served: 1 }]);
    expect(journal.replayedFrom(batches[0]?.journal?.position ?? 0).counted.rows).toEqual([]);
  });

  it('writes all that begins in one turn at once, with what ended before it', async () => {
    const { journal, begun } = recording();
    const append = vi.spyOn(journal, 'append');
    const first = begun();
    await first.recorded;
    first.finish();
    await Promise.all([begun(), begun(), begun()].map(({ recorded }) => recorded));
    expect(append).toHaveBeenCalledTimes(2);
    expect(journal.records.map(({ kind }) => kind)).toEqual(['start', 'end', 'start', 'start', 'start']);
  });

  it('tries a batch that could not be stored again as it was, and stores what came meanwhile behind it', async () => {
    let fails = true;
    const { clock, recorder, batches, stored, answer } = recording(async () => {
      if (!fails) return;
      clock.time += 1000;
      await answer();
      throw new Error('disk full');
    });
    await answer();
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

  it('keeps each batch small while nothing can be stored, and a replay from where one ends counts those behind it', async () => {
    let fails = true;
    const { journal, recorder, batches, answer } = recording(async () => {
      if (fails) throw new Error('busy');
    });
    for (let request = 0; request < 3 * BATCH_SIZE; request++) {
      await answer(request % 3 === 0 ? REFUSED : {});
      if (request % 500 === 0) await recorder.flush().catch(() => undefined);
    }
    fails = false;
    await recorder.flush();
    expect(batches.length).toBeGreaterThan(2);
    let counted = 0;
    for (const { rows, events, journal: place } of batches) {
      expect(rows.length + events.length).toBeLessThanOrEqual(BATCH_SIZE);
      counted += countOf(rows);
      const rest = journal.replayedFrom(place?.position ?? 0).counted.rows;
      expect(counted + countOf(rest)).toBe(3 * BATCH_SIZE);
    }
    expect(counted).toBe(3 * BATCH_SIZE);
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
      keepsTime: true,
      onStored: (events) => told.push(events),
    });
    const event = aRenderEvent({ requestId: 'req_1' });
    await new Promise((recorded) => recorder.record({ event, secretOrdinal: 1, inGrace: false }, recorded));
    recorder.finished(event.requestId, event);
    await expect(recorder.flush()).rejects.toThrow();
    expect(recorder.waitingEvents).toBe(1);
    await recorder.flush();
    expect([handed[1], told, recorder.waitingEvents]).toEqual([handed[0], [null], 0]);
    await recorder.close();
    expect([handed.length, journal.closed]).toEqual([2, true]);
  });

  it('takes only accepted requests for a use', async () => {
    const { recorder, batches, answer } = recording();
    await answer(REFUSED);
    await recorder.flush();
    expect(batches[0]).toMatchObject({ rows: [{ revoked: 1 }], lastUses: [] });
  });

  it('tries again by itself, and reports a row of failures once', async () => {
    vi.useFakeTimers({ toFake: [...FAKED_TIMERS] });
    onTestFinished(() => void vi.useRealTimers());
    let fails = true;
    const { problems, batches, answer } = recording(async () => {
      if (fails) throw new Error('disk full');
    });
    await answer();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(problems).toEqual(['usage could not be stored']);
    fails = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(batches).toMatchObject([{ rows: [{ served: 1 }] }]);
  });

  it('has stored everything when it is closed, and answers nothing afterwards', async () => {
    const { journal, recorder, batches, begun, answer } = recording();
    await answer();
    await answer(REFUSED);
    await recorder.close();
    expect(batches.flatMap(({ rows }) => rows)).toMatchObject([{ served: 1, revoked: 1 }]);
    expect(batches.flatMap(({ events }) => events)).toHaveLength(2);
    expect(journal.closed).toBe(true);
    await expect(begun().recorded).rejects.toThrow('cannot count');
  });

  it.each([
    ['an answer is open', async () => {}, ({ begun }: ReturnType<typeof recording>) => begun().recorded],
    [
      'it cannot be stored',
      async () => {
        throw new Error('disk full');
      },
      ({ answer }: ReturnType<typeof recording>) => answer(),
    ],
  ])('leaves the journal for the next start when %s', async (_what, recordUsage, act) => {
    const recorded = recording(recordUsage);
    await act(recorded);
    await recorded.recorder.close().catch(() => undefined);
    expect(recorded.journal.closed).toBe(false);
  });
});

describe('refused and limited requests', () => {
  it('are one event for each key, verdict and second, when that second is over, and are counted at once', async () => {
    vi.useFakeTimers({ toFake: [...FAKED_TIMERS] });
    onTestFinished(() => void vi.useRealTimers());
    const { clock, recorder, batches, stored, answer } = recording();
    for (const ip of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) await answer({ ...REFUSED, ip });
    await answer({ status: 429, verdict: 'rate_limited' });
    await recorder.flush();
    expect(batches).toMatchObject([{ rows: [{ revoked: 3, rateLimited: 1 }], events: [] }]);
    clock.time += 1000;
    await answer(REFUSED);
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
    vi.useFakeTimers({ toFake: [...FAKED_TIMERS] });
    onTestFinished(() => void vi.useRealTimers());
    const { clock, journal, recorder, batches, stored, answer } = recording();
    for (let request = 0; request < 20; request++) {
      await answer(REFUSED);
      await recorder.flush();
      const { events } = journal.replayedFrom(batches.at(-1)?.journal?.position ?? 0).counted;
      expect([...stored, ...events].reduce((sum, { count }) => sum + count, 0)).toBe(request + 1);
      clock.time += 300;
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(stored.length).toBeGreaterThan(2);
  });
});

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aRenderEvent } from '../../test/render-event-builder.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { totalUsage } from '../core/usage.ts';
import { FAKED_TIMERS, REFUSED, recording } from './usage-recorder.fixture.ts';

describe('a journal that cannot be written', () => {
  it('refuses requests until it can, says so once, and loses none of the answers that were on their way', async () => {
    const { journal, recorder, problems, batches, begun, answer } = recording();
    const running = begun();
    await running.recorded;
    journal.isFull = true;
    running.finish();
    for (let request = 0; request < 3; request++) await expect(begun().recorded).rejects.toThrow('cannot count');
    await recorder.flush();
    expect(problems).toHaveLength(1);
    expect(batches).toEqual([]);
    journal.isFull = false;
    await answer();
    await recorder.flush();
    expect(batches).toMatchObject([{ rows: [{ served: 2 }] }]);
    journal.isFull = true;
    await expect(begun().recorded).rejects.toThrow('cannot count');
    expect(problems).toHaveLength(2);
  });

  it('counts nothing of a request that it refused', async () => {
    const { journal, recorder, batches, begun, clock } = recording();
    journal.isFull = true;
    await expect(begun().recorded).rejects.toThrow();
    journal.isFull = false;
    recorder.finished('req_1', aRenderEvent({ status: 503, at: clock.time }));
    await recorder.flush();
    expect(batches).toEqual([]);
  });

  it('is made anew when it cannot be relied on, with the answers that are open, and then goes on', async () => {
    const { journal, recorder, problems, batches, begun, answer } = recording();
    const running = begun();
    await running.recorded;
    await answer();
    journal.isSound = false;
    await expect(begun().recorded).rejects.toThrow('cannot count');
    await recorder.flush();
    expect(journal.records).toMatchObject([{ kind: 'start', number: 1 }]);
    running.finish();
    await answer();
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
    const waiting = recorded.then(() => {
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
    const sync = Promise.withResolvers<void>();
    journal.syncing = sync.promise;
    const { recorded } = begun();
    await new Promise(setImmediate);
    journal.isSound = false;
    sync.reject(new Error('EIO'));
    await expect(recorded).rejects.toThrow('cannot count');
    recorder.finished('req_1', aRenderEvent({ status: 503, at: clock.time }));
    await recorder.flush();
    expect(batches).toMatchObject([{ rows: [{ served: 0, serverErrors: 1 }] }]);
  });
});

describe('a long journal', () => {
  it('is made anew with the answers that are open, when everything else is stored', async () => {
    const { journal, recorder, begun, answer, batches } = recording();
    const open = begun();
    await open.recorded;
    for (let request = 0; request < 5; request++) await answer(REFUSED);
    await answer();
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
      vi.useFakeTimers({ toFake: [...FAKED_TIMERS] });
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
        async () => {
          const refused = below(3) === 0;
          const { recorded, finish } = begun({ ...(refused ? REFUSED : {}), keyId: `key_${below(2)}` });
          try {
            await recorded;
            running.push(finish);
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

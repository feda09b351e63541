import { describe, expect, it } from 'vitest';
import { errorOf } from '../../test/expect-error.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { FakeEvents, type Script, sampleEvent } from '../cli/events.fixture.ts';
import { type ErrorCode, OutkitError } from '../core/errors.ts';
import type { TailItem } from '../core/event-service.ts';
import { follow } from './follow.ts';

const HEARTBEAT: TailItem = { kind: 'heartbeat' };

function event(seq: number): TailItem {
  return { kind: 'event', event: sampleEvent(seq) };
}

function fails(code: ErrorCode): () => never {
  return () => {
    throw new OutkitError(code, code);
  };
}

/** The time; only tests move it. */
let now = 0;

function passes(spanMs: number): () => void {
  return () => {
    now += spanMs;
  };
}

/** Follows until the scripts end; resolves to what was seen, in order. */
async function followed(after: number | null, ...scripts: Script[]) {
  const ending = new AbortController();
  const events = new FakeEvents();
  events.scripts = [...scripts, [() => ending.abort()]];
  const seen: string[] = [];
  const waits: number[] = [];
  const query = { profileId: 'prof_2222222222222222', allProfiles: false, keyId: null, status: null, path: null };
  const done = follow(
    {
      open: (behind, signal) => events.tail({ ...query, after: behind }, signal),
      show: (item) => seen.push(item.kind === 'event' ? `${item.event.seq}` : `gap ${item.missed}`),
      lost: () => seen.push('lost'),
      regained: () => seen.push('regained'),
    },
    { now: () => now, wait: async (spanMs) => void waits.push(spanMs), fillRandom: seededRandom(4) },
    after,
    ending.signal,
  );
  return { done, seen, waits, asked: () => events.tails.map((tail) => tail.after) };
}

describe('follow', () => {
  it('goes on behind the last event or gap after each cut', async () => {
    const { done, seen, asked } = await followed(
      4,
      [HEARTBEAT, event(5), event(8), fails('unreachable')],
      [HEARTBEAT, event(9), { kind: 'gap', missed: 3, seq: 12 }, fails('timeout')],
      [HEARTBEAT, { kind: 'gap', missed: null, seq: 40 }, fails('unavailable')],
    );
    await done;
    expect(asked()).toEqual([4, 8, 12, 40]);
    expect(seen).toEqual(['5', '8', 'lost', 'regained', '9', 'gap 3', 'lost', 'regained', 'gap null', 'lost']);
  });

  it('tells of a loss once, however often it tries in vain', async () => {
    const { done, seen } = await followed(
      1,
      [HEARTBEAT, fails('unreachable')],
      ...Array.from({ length: 9 }, () => [fails('unreachable')]),
      [HEARTBEAT, event(2)],
    );
    // The last connection stands, so this never ends.
    void done;
    await new Promise(setImmediate);
    expect(seen).toEqual(['lost', 'regained', '2']);
  });

  it('waits from 1 s to 30 s, the longer the more often it failed, and never the same time for all', async () => {
    const { done, waits } = await followed(1, ...Array.from({ length: 40 }, () => [fails('unreachable')]));
    await done;
    const limits = waits.map((_, failures) => Math.min(30_000, 2000 * 2 ** failures));
    waits.forEach((wait, index) => {
      expect(wait).toBeGreaterThanOrEqual(1000);
      expect(wait).toBeLessThanOrEqual(limits[index] ?? 0);
    });
    expect(Math.max(...waits)).toBeGreaterThan(20_000);
    expect(new Set(waits).size).toBeGreaterThan(30);
  });

  it.each<[string, Script]>([
    ['an event', [HEARTBEAT, event(2), fails('unreachable')]],
    ['10 s', [HEARTBEAT, passes(10_000), HEARTBEAT, fails('unreachable')]],
  ])('waits longer for a server that answers and ends at once, until one stands for %s', async (_, standing) => {
    const flapping = Array.from({ length: 8 }, () => [HEARTBEAT, HEARTBEAT, fails('unavailable')]);
    const { done, waits } = await followed(1, ...flapping, standing);
    await done;
    expect(Math.max(...waits.slice(0, 8))).toBeGreaterThan(4000);
    expect(waits[8]).toBeLessThanOrEqual(2000);
  });

  it('that began with nothing asks for all there is after a cut', async () => {
    const { done, asked } = await followed(null, [fails('unreachable')], [HEARTBEAT, fails('unreachable')]);
    await done;
    expect(asked()).toEqual([null, null, 0]);
  });

  it.each(['not_found', 'unauthenticated', 'forbidden', 'bad_answer'] as const)('ends with %s', async (code) => {
    const { done, waits } = await followed(1, [HEARTBEAT, event(2), fails(code)]);
    expect((await errorOf(done)).code).toBe(code);
    expect(waits).toEqual([]);
  });

  it('takes too many tails for what passes only behind a connection of its own', async () => {
    const { done } = await followed(1, [fails('too_many_tails')]);
    expect((await errorOf(done)).code).toBe('too_many_tails');
    const later = await followed(1, [HEARTBEAT, fails('unreachable')], [fails('too_many_tails')], [event(2)]);
    void later.done;
    await new Promise(setImmediate);
    expect(later.seen).toEqual(['lost', 'regained', '2']);
  });
});

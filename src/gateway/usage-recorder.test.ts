import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NOON } from '../../test/key-builder.ts';
import { HOUR_MS } from '../core/clock.ts';
import type { LastUse, UsageRow } from '../core/usage.ts';
import type { KnownSecret } from './key-view.ts';
import { type RenderUse, UsageRecorder } from './usage-recorder.ts';

const secret = { key: { id: 'key_2222222222222222' }, ordinal: 1 } as KnownSecret;
const use = (fields: Partial<RenderUse> = {}): RenderUse => ({
  secret,
  inGrace: false,
  outcome: 'served',
  accepted: true,
  ip: '127.0.0.1',
  agent: 'test',
  ...fields,
});

function recorderOver(recordUsage: (rows: readonly UsageRow[], lastUses: readonly LastUse[]) => Promise<void>) {
  const clock = { time: NOON, now: () => clock.time };
  return { clock, recorder: new UsageRecorder({ recordUsage }, clock, () => {}) };
}

describe('UsageRecorder', () => {
  it('sums up by secret, hour and grace window, and writes each answer once', async () => {
    const written: UsageRow[] = [];
    const { clock, recorder } = recorderOver(async (rows) => void written.push(...rows));
    recorder.record(use());
    recorder.record(use({ outcome: 'clientErrors' }));
    recorder.record(use({ inGrace: true }));
    clock.time += HOUR_MS;
    recorder.record(use());
    await Promise.all([recorder.flush(), recorder.flush()]);
    await recorder.flush();
    expect(
      written.map(({ hour, inGrace, served, clientErrors }) => [hour - NOON, inGrace, served, clientErrors]),
    ).toEqual([
      [0, false, 1, 1],
      [0, true, 1, 0],
      [HOUR_MS, false, 1, 0],
    ]);
  });

  it('keeps a batch that could not be written, and what came meanwhile, for the next', async () => {
    let fails = true;
    const written: [readonly UsageRow[], readonly LastUse[]][] = [];
    const { clock, recorder } = recorderOver(async (rows, lastUses) => {
      if (fails) {
        clock.time += 1000;
        recorder.record(use());
        throw new Error('disk full');
      }
      written.push([rows, lastUses]);
    });
    recorder.record(use());
    await expect(recorder.flush()).rejects.toThrow('disk full');
    fails = false;
    await recorder.flush();
    expect(written).toHaveLength(1);
    expect(written[0]?.[0]).toMatchObject([{ served: 2 }]);
    expect(written[0]?.[1]).toMatchObject([{ at: NOON + 1000 }]);
  });

  it('takes only accepted requests for a use, and cuts long agents', async () => {
    const uses: LastUse[] = [];
    const { recorder } = recorderOver(async (_, lastUses) => void uses.push(...lastUses));
    recorder.record(use({ accepted: false, outcome: 'refused' }));
    await recorder.flush();
    expect(uses).toEqual([]);
    recorder.record(use({ agent: 'a'.repeat(10_000) }));
    await recorder.flush();
    expect(uses[0]?.agent).toHaveLength(200);
  });

  it('tries again by itself, and reports a row of failures once', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let fails = true;
    const written: UsageRow[] = [];
    const failures: unknown[] = [];
    const store = {
      recordUsage: async (rows: readonly UsageRow[]) => {
        if (fails) throw new Error('disk full');
        written.push(...rows);
      },
    };
    const recorder = new UsageRecorder(store, { now: () => NOON }, (error) => failures.push(error));
    recorder.record(use());
    await vi.advanceTimersByTimeAsync(2_000);
    expect(failures).toHaveLength(1);
    fails = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(written).toMatchObject([{ served: 1 }]);
  });

  it('has written everything when it is closed, and counts nothing afterwards', async () => {
    const written: UsageRow[] = [];
    const { recorder } = recorderOver(async (rows) => void written.push(...rows));
    recorder.record(use());
    await recorder.close();
    recorder.record(use());
    await recorder.flush();
    expect(written).toMatchObject([{ served: 1 }]);
  });
});

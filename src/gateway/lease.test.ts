import { describe, expect, it } from 'vitest';
import { LEASE_MS, Lease } from './lease.ts';

function leaseWithClocks() {
  const clocks = { monotonic: 1_000, wall: 50_000, monotonicNow: () => clocks.monotonic, wallNow: () => clocks.wall };
  const pass = (ms: number) => {
    clocks.monotonic += ms;
    clocks.wall += ms;
  };
  return { clocks, pass, lease: new Lease(clocks) };
}

describe('a lease', () => {
  it('holds for its time from before the question, however long the answer took', () => {
    const { lease, pass } = leaseWithClocks();
    expect(lease.holds()).toBe(false);
    const stamp = lease.stamp();
    pass(1_500);
    lease.extend(stamp);
    pass(LEASE_MS - 1_501);
    expect([lease.holds(), lease.leftMs]).toEqual([true, 1]);
    pass(1);
    expect([lease.holds(), lease.leftMs]).toEqual([false, 0]);
  });

  it('of an answer that came too late never begins', () => {
    const { lease, pass } = leaseWithClocks();
    const stamp = lease.stamp();
    pass(LEASE_MS);
    lease.extend(stamp);
    expect(lease.holds()).toBe(false);
  });

  it.each([
    ['the wall clock is set forward', 60, 0],
    ['the wall clock is set back', -60, 0],
    ['the machine was suspended, so that the monotonic clock stood still', 3_600_000, 0],
  ])('is lost when %s', (_what, wallMs, monotonicMs) => {
    const { lease, clocks } = leaseWithClocks();
    lease.extend(lease.stamp());
    clocks.wall += wallMs;
    clocks.monotonic += monotonicMs;
    expect(lease.holds()).toBe(false);
    // It does not come back when the clock is set back again.
    clocks.wall -= wallMs;
    expect(lease.holds()).toBe(false);
  });

  it('is lost by many small jumps as by a large one', () => {
    const { lease, clocks } = leaseWithClocks();
    lease.extend(lease.stamp());
    for (let jump = 0; jump < 5; jump++) {
      clocks.wall += 10;
      expect(lease.holds()).toBe(true);
    }
    clocks.wall += 10;
    expect(lease.holds()).toBe(false);
  });

  it('is not given for an answer during whose way the machine was suspended', () => {
    const { lease, clocks } = leaseWithClocks();
    const stamp = lease.stamp();
    clocks.wall += 3_600_000;
    lease.extend(stamp);
    expect(lease.holds()).toBe(false);
    lease.extend(lease.stamp());
    expect(lease.holds()).toBe(true);
  });
});

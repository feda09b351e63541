import { describe, expect, it } from 'vitest';
import { createNotices, noticesFor } from './notices.ts';

function setUp() {
  const told: string[] = [];
  const clock = { now: 0 };
  const log = {
    warn: (message: string) => void told.push(`warn ${message}`),
    error: (message: string) => void told.push(`error ${message}`),
  };
  return { told, clock, log, notices: createNotices(log, () => clock.now) };
}

describe('the log of the app', () => {
  it('hears of the same error once a minute', () => {
    const { told, clock, notices } = setUp();
    for (const now of [0, 1, 59_999, 60_000, 60_001]) {
      clock.now = now;
      notices.error('a');
    }
    expect(told).toEqual(['error a', 'error a']);
  });

  it('hears of each warning once, and of another one too', () => {
    const { told, clock, notices } = setUp();
    notices.warnOnce('a');
    clock.now = 1e12;
    notices.warnOnce('a');
    notices.warnOnce('b');
    expect(told).toEqual(['warn a', 'warn b']);
  });

  it('is remembered in bounded memory: what was said longest ago may be said again', () => {
    const { told, notices } = setUp();
    for (let index = 0; index <= 100; index++) notices.warnOnce(String(index));
    notices.warnOnce('100');
    notices.warnOnce('0');
    expect(told).toHaveLength(102);
  });

  it('costs no request its answer when it fails', () => {
    const fail = () => {
      throw new Error('disk full');
    };
    expect(() => createNotices({ warn: fail, error: fail }).error('a')).not.toThrow();
  });

  it('has one memory, however many proxies write to it', () => {
    const { told, log } = setUp();
    noticesFor(log).error('a');
    noticesFor(log).error('a');
    expect(told).toEqual(['error a']);
  });
});

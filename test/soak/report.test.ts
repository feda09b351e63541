import { describe, expect, it } from 'vitest';
import { type Change, History, type Verification } from './history.ts';
import { distribution, reportOf, shortfalls } from './report.ts';
import { reportTable } from './report-table.ts';

function verify(secret: string, verdict: string, invokedMs: number, returnedMs = invokedMs + 1): Verification {
  return { op: 'verify', secret, gateway: 'a', invokedMs, returnedMs, verdict };
}

function revoke(key: string, invokedMs: number, returnedMs: number, outcome: Change['outcome'] = 'done'): Change {
  const times = { invokedMs, returnedMs, outcome };
  return { op: 'revoke', key, begins: null, ends: [`${key}/1`, `${key}/2`], gateway: 'a', ...times };
}

function historyOf(...events: (Verification | Change)[]): History {
  const history = new History();
  for (const event of events) history.record(event);
  return history;
}

describe('the report of a run', () => {
  it('measures each revoke to its answer, and to the last accepted request with any secret of the key', () => {
    const history = historyOf(
      revoke('1', 100, 140),
      verify('1/1', 'accepted', 110),
      verify('1/2', 'accepted', 120),
      verify('1/1', 'key_revoked', 150),
      revoke('2', 100, 110),
      verify('2/1', 'accepted', 90),
    );
    const { byFault, violations } = reportOf(history, []);
    expect(violations).toEqual([]);
    expect(byFault).toEqual([
      {
        fault: 'none',
        strikes: 0,
        revokes: 2,
        returnMs: { p50: 10, p99: 40, max: 40 },
        lastAcceptMs: { p50: 0, p99: 20, max: 20 },
      },
    ]);
  });

  it('counts a revoke under each kind of fault that it met, once', () => {
    const struck = [
      { fault: 'process paused', gateway: 'a', fromMs: 90, untilMs: 105 },
      { fault: 'process paused', gateway: 'b', fromMs: 90, untilMs: 105 },
      { fault: 'process killed', gateway: 'c', fromMs: 130, untilMs: 200 },
      { fault: 'Redis killed', gateway: null, fromMs: 150, untilMs: 200 },
    ];
    const { byFault } = reportOf(historyOf(revoke('1', 100, 140)), struck);
    expect(byFault.map(({ fault, strikes, revokes }) => [fault, strikes, revokes])).toEqual([
      ['none', 0, 0],
      ['process paused', 2, 1],
      ['process killed', 1, 1],
    ]);
  });

  it('counts what was judged after a long wait, and not what was cut', () => {
    const history = historyOf(verify('1/1', 'accepted', 0, 2_000), verify('1/1', 'cut', 0, 2_000));
    expect(reportOf(history, []).heldUp).toBe(1);
  });

  it('takes a revoke of which nobody knows for uncertain, not for a revoke', () => {
    const { revokes, uncertain } = reportOf(historyOf(revoke('1', 100, 140, 'unknown')), []);
    expect([revokes, uncertain]).toEqual([0, 1]);
  });

  it('has all that is known of a secret with a violation, in the order in which it began', () => {
    const other = verify('2/1', 'accepted', 0);
    const [late, early] = [verify('1/1', 'accepted', 150), verify('1/1', 'accepted', 90)];
    const ended = revoke('1', 100, 140);
    expect(reportOf(historyOf(late, other, ended, early), []).evidence).toEqual({ '1/1': [early, ended, late] });
  });

  it('is a table of Markdown', () => {
    const rows = reportTable(reportOf(historyOf(revoke('1', 100, 140.25)), [])).split('\n');
    expect(rows.at(-1)).toBe('| none | 0 | 1 | 40.3 / 40.3 / 40.3 | 0.0 / 0.0 / 0.0 |');
  });
});

it('a run in which too little happened has failed', () => {
  const report = reportOf(historyOf(), []);
  expect(shortfalls(report, 10)).toContain('0 revokes, and at least 10 are wanted');
  const enough = { verifications: 6_000, revokes: 60, strikes: 10, heldUp: 10, uncertain: 1 };
  const verdicts = { accepted: 1_800, key_revoked: 600 };
  expect(shortfalls({ ...report, ...enough, verdicts }, 60)).toEqual([]);
  expect(shortfalls({ ...report, ...enough, verdicts, heldUp: 0 }, 60)).toEqual([
    '0 requests judged after a wait, and at least 10 are wanted',
  ]);
});

it('a distribution of a hundred samples has its 99th as the greatest but one', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(distribution(samples)).toEqual({ p50: 50, p99: 99, max: 100 });
  expect(distribution([])).toEqual({ p50: 0, p99: 0, max: 0 });
});

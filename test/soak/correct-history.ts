import fc from 'fast-check';
import type { Change, Event, Outcome, Verification } from './history.ts';

const GATEWAYS = ['a', 'b', 'c'];
const SECRET = '1/1';
const BASE = { key: '1', gateway: 'a' };

const attempt = fc.record({ pauseMs: fc.nat(20), takesMs: fc.nat(40) });
const request = fc.record({ atMs: fc.nat(300), beforeMs: fc.nat(20), afterMs: fc.nat(20), gateway: fc.nat(2) });

/**
 * Histories of one secret as gateways may make them: each learns at one moment of its own that the secret is there and that it has ended,
 * between the first attempt at that and its confirmation, and answers each request as it knows at one moment of the request.
 */
export const correctHistory: fc.Arbitrary<readonly Event[]> = fc
  .record({
    creates: fc.array(attempt, { minLength: 1, maxLength: 3 }),
    isCreated: fc.boolean(),
    ends: fc.array(attempt, { maxLength: 3 }),
    isEnded: fc.boolean(),
    learns: fc.array(fc.record({ begin: fc.nat(100), end: fc.nat(100) }), { minLength: 3, maxLength: 3 }),
    requests: fc.array(request, { minLength: 1, maxLength: 30 }),
  })
  .map(({ creates, isCreated, ends, isEnded, learns, requests }) => {
    const made = attempts('create', creates, 0, isCreated);
    const ended = attempts('revoke', ends, lastOf(made), isEnded);
    const gateways = learns.map(({ begin, end }) => ({
      beginMs: momentIn(made, begin),
      endMs: momentIn(ended, end),
    }));
    const seen = requests.map(({ atMs, beforeMs, afterMs, gateway }): Verification => {
      const { beginMs, endMs } = gateways[gateway] as (typeof gateways)[number];
      const verdict = atMs < beginMs ? 'key_unknown' : atMs < endMs ? 'accepted' : 'key_revoked';
      const times = { invokedMs: atMs - beforeMs, returnedMs: atMs + afterMs };
      return { op: 'verify', secret: SECRET, gateway: GATEWAYS[gateway] as string, ...times, verdict };
    });
    return [...made, ...ended, ...seen];
  });

/** One after the other; of all but the last nobody knows what became of them. */
function attempts(
  op: 'create' | 'revoke',
  asked: readonly { pauseMs: number; takesMs: number }[],
  fromMs: number,
  isConfirmed: boolean,
): readonly Change[] {
  let nowMs = fromMs;
  return asked.map(({ pauseMs, takesMs }, index) => {
    const invokedMs = nowMs + pauseMs;
    nowMs = invokedMs + takesMs;
    const outcome: Outcome = isConfirmed && index === asked.length - 1 ? 'done' : 'unknown';
    const what = op === 'create' ? { begins: SECRET, ends: [] } : { begins: null, ends: [SECRET] };
    return { op, ...BASE, ...what, invokedMs, returnedMs: nowMs, outcome };
  });
}

function lastOf(changes: readonly Change[]): number {
  return changes.at(-1)?.returnedMs ?? 0;
}

/** A moment between the first attempt and the confirmation, or at any time later or never without one. */
function momentIn(changes: readonly Change[], share: number): number {
  const [first] = changes;
  const last = changes.at(-1);
  if (first === undefined || last === undefined) return Number.POSITIVE_INFINITY;
  if (last.outcome !== 'done') return share === 100 ? Number.POSITIVE_INFINITY : first.invokedMs + 3 * share;
  return first.invokedMs + ((last.returnedMs - first.invokedMs) * share) / 100;
}

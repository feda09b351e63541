import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from './checker.ts';
import { correctHistory } from './correct-history.ts';
import { type Change, type Event, saysEnded, type Verification } from './history.ts';

const RUNS = { numRuns: 2_000 };

const isVerification = (event: Event): event is Verification => event.op === 'verify';
const isChange = (event: Event): event is Change => event.op !== 'verify';

/** Verdicts that no gateway could have given in this history, each with the rule that it breaks. */
function wrongVerdicts(events: readonly Event[]): Verification[] {
  const changes = events.filter(isChange);
  const confirmed = changes.filter(({ outcome }) => outcome === 'done');
  const firstAskedMs = Math.min(...changes.filter(({ ends }) => ends.length > 0).map(({ invokedMs }) => invokedMs));
  const seen = (verdict: string, invokedMs: number, returnedMs: number, gateway = 'a'): Verification => {
    return { op: 'verify', secret: '1/1', gateway, invokedMs, returnedMs, verdict };
  };
  const afterRefusals = events
    .filter((event) => isVerification(event) && saysEnded(event))
    .map(({ gateway, returnedMs }) => seen('accepted', returnedMs + 1, returnedMs + 2, gateway));
  const afterChanges = confirmed.map(({ begins, returnedMs }) =>
    seen(begins === null ? 'accepted' : 'key_unknown', returnedMs + 1, returnedMs + 2),
  );
  const beforeEnds = Number.isFinite(firstAskedMs)
    ? [seen('key_revoked', firstAskedMs - 2, firstAskedMs - 1)]
    : [seen('key_revoked', 0, 1_000)];
  return [...afterRefusals, ...afterChanges, ...beforeEnds];
}

it('finds nothing in a history that correct gateways could have made', () => {
  fc.assert(
    fc.property(correctHistory, (events) => {
      expect(check(events)).toEqual([]);
    }),
    RUNS,
  );
});

it('finds each verdict that no correct gateway could have given, and nothing but that', () => {
  fc.assert(
    fc.property(correctHistory, fc.nat(), (events, choice) => {
      const wrong = wrongVerdicts(events);
      const added = wrong[choice % wrong.length] as Verification;
      const found = check([...events, added]);
      expect(found.length).toBeGreaterThan(0);
      // A refusal that nobody could have given makes the later accepts of the same gateway contradict it, too.
      const about = found.every(({ seen, against }) => seen === added || against === added);
      expect(about).toBe(true);
    }),
    RUNS,
  );
});

it('does not depend on the order of the history', () => {
  const shuffled = correctHistory.chain((events) => {
    const all = [...events, ...wrongVerdicts(events)];
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
  });
  fc.assert(
    fc.property(shuffled, ([events, other]) => {
      expect(check(other).length).toBe(check(events).length);
    }),
    RUNS,
  );
});

import { describe, expect, it } from 'vitest';
import { check } from './checker.ts';
import type { Change, Event, Heard, Outcome, Verification } from './history.ts';

const KEY = '1';
const SECRET = '1/1';

function verify(verdict: Heard, invokedMs: number, returnedMs: number, gateway = 'a'): Verification {
  return { op: 'verify', secret: SECRET, gateway, invokedMs, returnedMs, verdict };
}

function create(invokedMs: number, returnedMs: number, outcome: Outcome = 'done'): Change {
  return { op: 'create', key: KEY, begins: SECRET, ends: [], gateway: 'a', invokedMs, returnedMs, outcome };
}

function end(op: Change['op'], invokedMs: number, returnedMs: number, outcome: Outcome = 'done'): Change {
  return { op, key: KEY, begins: null, ends: [SECRET], gateway: 'a', invokedMs, returnedMs, outcome };
}

const rulesIn = (...events: Event[]) => check(events).map(({ rule }) => rule);

describe('a secret that ended', () => {
  it.each(['revoke', 'end-grace', 'rotate', 'expiry'] as const)('is never accepted after %s was confirmed', (op) => {
    expect(rulesIn(end(op, 10, 20), verify('accepted', 21, 22))).toEqual(['accepted after its end']);
  });

  it('may be accepted for requests that were sent before the confirmation came', () => {
    expect(rulesIn(end('revoke', 10, 20), verify('accepted', 19, 30), verify('accepted', 20, 21))).toEqual([]);
  });

  it('may be refused by one gateway and accepted by another while its end is under way', () => {
    const seen = [verify('key_revoked', 11, 12, 'a'), verify('accepted', 13, 14, 'b')];
    expect(rulesIn(end('revoke', 10, 20), ...seen)).toEqual([]);
  });

  it('is never accepted by a gateway that has refused it, though its end is not confirmed', () => {
    const seen = [verify('key_revoked', 11, 12), verify('accepted', 13, 14)];
    expect(rulesIn(end('revoke', 10, 20), ...seen)).toEqual(['accepted after the same gateway refused it']);
    expect(rulesIn(end('revoke', 10, 20, 'unknown'), ...seen)).toEqual(['accepted after the same gateway refused it']);
  });

  it('may be accepted by a gateway whose refusal was not there yet', () => {
    expect(rulesIn(end('revoke', 10, 20), verify('key_revoked', 11, 15), verify('accepted', 15, 16))).toEqual([]);
  });

  it('may be refused in any of the words for an end, and have no verdict at all', () => {
    const words = ['key_revoked', 'key_superseded', 'key_expired', 'unavailable', 'cut', 'rate_limited'];
    expect(rulesIn(end('revoke', 10, 20), ...words.map((word) => verify(word, 21, 22)))).toEqual([]);
  });
});

describe('an end that nobody knows of', () => {
  it('allows both verdicts at different gateways', () => {
    const seen = [verify('accepted', 30, 31, 'a'), verify('key_revoked', 30, 31, 'b')];
    expect(rulesIn(end('revoke', 10, 20, 'unknown'), ...seen)).toEqual([]);
  });

  it('is in force once it was sent again and confirmed', () => {
    const events = [end('revoke', 10, 20, 'unknown'), end('revoke', 30, 40)];
    expect(rulesIn(...events, verify('accepted', 35, 36), verify('key_revoked', 15, 16, 'b'))).toEqual([]);
    expect(rulesIn(...events, verify('accepted', 41, 42))).toEqual(['accepted after its end']);
  });

  it('is the earliest confirmation that counts, in whatever order they stand in the history', () => {
    const seen = verify('accepted', 25, 26);
    expect(rulesIn(end('revoke', 10, 40), end('revoke', 10, 20), seen)).toEqual(['accepted after its end']);
    expect(rulesIn(seen, end('revoke', 10, 20), end('revoke', 10, 40))).toEqual(['accepted after its end']);
  });

  it('ends nothing when it was refused', () => {
    expect(rulesIn(end('revoke', 10, 20, 'refused'), verify('accepted', 30, 31))).toEqual([]);
    expect(rulesIn(end('revoke', 10, 20, 'refused'), verify('key_revoked', 30, 31))).toEqual(['ended before its end']);
  });
});

describe('a secret that nobody ended', () => {
  it('is never called ended', () => {
    expect(rulesIn(create(1, 2), verify('key_revoked', 3, 4))).toEqual(['ended before its end']);
  });

  it('is not called ended in an answer that came before its end was asked for', () => {
    expect(rulesIn(end('revoke', 10, 20), verify('key_revoked', 8, 9))).toEqual(['ended before its end']);
    expect(rulesIn(end('revoke', 10, 20), verify('key_revoked', 8, 10))).toEqual([]);
  });

  it('has nothing to do with the end of another', () => {
    const other = { ...end('revoke', 10, 20), ends: ['1/2'] };
    expect(rulesIn(other, verify('accepted', 30, 31))).toEqual([]);
  });
});

describe('a secret that was made', () => {
  it('is never unknown once that was confirmed', () => {
    expect(rulesIn(create(10, 20), verify('key_unknown', 21, 22))).toEqual(['unknown after it was made']);
  });

  it('may be unknown before, and while nobody can tell', () => {
    expect(rulesIn(create(10, 20), verify('key_unknown', 20, 30), verify('unavailable', 21, 22))).toEqual([]);
    expect(rulesIn(create(10, 20, 'unknown'), verify('key_unknown', 30, 31))).toEqual([]);
  });
});

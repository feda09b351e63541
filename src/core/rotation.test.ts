import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aKey, aSecret, NOON } from '../../test/key-builder.ts';
import { DAY_MS, HOUR_MS } from './clock.ts';
import { currentSecret, endedSecrets, isAcceptedSecret, type Key, keyStatus, previousSecret } from './key.ts';
import { cancelRotation, endGrace, extendGrace, MAX_GRACE_MS, replaceNew, revoke, rotate } from './rotation.ts';

const minted = (letter: string) => ({
  hash: letter.repeat(64),
  start: `okd_${letter.repeat(4)}`,
  requestDigest: '1'.repeat(64),
});

function changed(decision: { kind: string; key?: Key }): Key {
  expect(decision.kind).toBe('changed');
  return decision.key as Key;
}

const rotated = (graceMs = DAY_MS) => changed(rotate(aKey(), minted('b'), graceMs, NOON));

describe('rotate', () => {
  it('keeps the key and accepts both secrets until the grace window ends, to the millisecond', () => {
    const key = rotated();
    expect(currentSecret(key).hash).toBe('b'.repeat(64));
    expect(previousSecret(key, NOON + DAY_MS - 1)?.hash).toBe('a'.repeat(64));
    expect(previousSecret(key, NOON + DAY_MS)).toBeNull();
    expect(keyStatus(key, NOON + DAY_MS - 1)).toBe('rotating');
    expect(keyStatus(key, NOON + DAY_MS)).toBe('active');
    expect({ ...key, secrets: [] }).toEqual({ ...aKey(), secrets: [], version: 2 });
  });

  it('ends the old secret at once with a grace window of 0', () => {
    expect(previousSecret(rotated(0), NOON)).toBeNull();
  });

  it('refuses inside a grace window, and once it is over rotates again', () => {
    expect(rotate(rotated(), minted('c'), DAY_MS, NOON + HOUR_MS).kind).toBe('rotation_in_progress');
    const again = changed(rotate(rotated(), minted('c'), DAY_MS, NOON + DAY_MS));
    expect(again.secrets.map((secret) => secret.ordinal)).toEqual([1, 2, 3]);
  });

  it('refuses a revoked and an expired key', () => {
    expect(rotate(aKey({ revokedAt: NOON }), minted('b'), DAY_MS, NOON).kind).toBe('key_not_active');
    expect(rotate(aKey({ expiresAt: NOON }), minted('b'), DAY_MS, NOON).kind).toBe('key_not_active');
  });
});

describe('the ways out of a grace window', () => {
  it('endGrace refuses the old secret from this instant', () => {
    const key = changed(endGrace(rotated(), NOON + HOUR_MS));
    expect(previousSecret(key, NOON + HOUR_MS)).toBeNull();
  });

  it('extendGrace moves the end, to exactly 7 days after the rotation and not further', () => {
    const longest = changed(extendGrace(rotated(), MAX_GRACE_MS - DAY_MS, NOON + HOUR_MS));
    expect(previousSecret(longest, NOON)?.acceptedUntil).toBe(NOON + MAX_GRACE_MS);
    expect(extendGrace(rotated(), MAX_GRACE_MS - DAY_MS + 1, NOON).kind).toBe('grace_too_long');
  });

  it('cancelRotation makes the old secret current again and ends the new one', () => {
    const key = changed(cancelRotation(rotated(), NOON + HOUR_MS));
    expect(currentSecret(key)).toEqual(aSecret());
    expect(endedSecrets(key, NOON + HOUR_MS).map((secret) => secret.hash)).toEqual(['b'.repeat(64)]);
    expect(keyStatus(key, NOON + HOUR_MS)).toBe('active');
  });

  it('replaceNew ends the lost secret, mints another, and the old one keeps its end', () => {
    const key = changed(replaceNew(rotated(), minted('c'), NOON + HOUR_MS));
    expect(currentSecret(key).hash).toBe('c'.repeat(64));
    expect(previousSecret(key, NOON + HOUR_MS)?.acceptedUntil).toBe(NOON + DAY_MS);
    expect(endedSecrets(key, NOON + HOUR_MS).map((secret) => secret.hash)).toEqual(['b'.repeat(64)]);
  });

  it('none of them applies outside a grace window or to a key that is not active', () => {
    for (const key of [aKey(), rotated(0)]) {
      const now = NOON + HOUR_MS;
      const kinds = [
        endGrace(key, now),
        extendGrace(key, 1, now),
        cancelRotation(key, now),
        replaceNew(key, minted('c'), now),
      ];
      expect(kinds.map((decision) => decision.kind)).toEqual(Array(4).fill('no_rotation'));
    }
    const revoked = { ...rotated(), revokedAt: NOON };
    expect(endGrace(revoked, NOON).kind).toBe('key_not_active');
    expect(cancelRotation(revoked, NOON).kind).toBe('key_not_active');
  });
});

describe('revoke', () => {
  it('is terminal and keeps the first time, person and reason', () => {
    const key = changed(revoke(rotated(), 'ana', 'leaked', NOON));
    expect(keyStatus(key, NOON)).toBe('revoked');
    expect(revoke(key, 'ben', null, NOON + 1).kind).toBe('already_revoked');
  });
});

describe('any sequence of transitions', () => {
  it('leaves one current secret, at most one previous one, unique ordinals, and revives nothing that was ended', () => {
    const step = fc.record({ move: fc.nat(5), waitMs: fc.nat(2 * DAY_MS), graceMs: fc.nat(MAX_GRACE_MS) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let key = aKey();
        let now = NOON;
        let ended = new Set<string>();
        steps.forEach(({ move, waitMs, graceMs }, index) => {
          now += waitMs;
          for (const secret of endedSecrets(key, now)) ended.add(secret.hash);
          const fresh = { ...minted('d'), hash: index.toString(16).padStart(64, '0') };
          const decisions = [
            () => rotate(key, fresh, graceMs, now),
            () => endGrace(key, now),
            () => extendGrace(key, graceMs, now),
            () => cancelRotation(key, now),
            () => replaceNew(key, fresh, now),
            () => rotate(key, fresh, 0, now),
          ];
          const decision = decisions[move]?.();
          if (decision?.kind === 'changed') key = decision.key;
          const accepted = key.secrets.filter((secret) => isAcceptedSecret(secret, now));
          expect(accepted.filter((secret) => secret.acceptedUntil === null)).toHaveLength(1);
          expect(accepted.length).toBeLessThanOrEqual(2);
          expect(accepted.filter((secret) => ended.has(secret.hash))).toEqual([]);
          expect(new Set(key.secrets.map((secret) => secret.ordinal)).size).toBe(key.secrets.length);
        });
        ended = new Set();
      }),
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currentSecret, type Key } from '../../../src/core/key.ts';
import type { KeyStore } from '../../../src/core/key-store.ts';
import { updateKey } from '../../../src/core/key-update.ts';
import { cancelRotation, endGrace, extendGrace, replaceNew, revoke, rotate } from '../../../src/core/rotation.ts';
import { type OpenedStore, withProfiles } from './opened-store.ts';
import { AUTHOR, hashOf, sampleKey, sampleSecret, TEAM } from './samples.ts';

const NOW = 5_000;
const KEY_ID = sampleKey(1).id;

export function raceContract(opened: () => OpenedStore): void {
  test('parallel changes of one key happen one after the other', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const count = (key: Key) => {
      const revokeReason = String(Number(key.revokeReason ?? 0) + 1);
      const version = key.version + 1;
      return { key: { ...key, revokedAt: NOW, revokedBy: 'ada', revokeReason, version }, result: revokeReason };
    };
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => store.change(TEAM.id, KEY_ID, AUTHOR, count)));
    const seen = new Set(outcomes.map((outcome) => (outcome.kind === 'decided' ? outcome.result : outcome.kind)));
    expect(seen.size).toBe(100);
    expect((await store.findKey(TEAM.id, KEY_ID))?.revokeReason).toBe('100');
  });

  test('of parallel keys with one hash exactly one is inserted', async () => {
    const store = await withProfiles(opened());
    const keys = Array.from({ length: 20 }, (_, number) => sampleKey(number, { secrets: [sampleSecret(77)] }));
    const outcomes = await Promise.all(keys.map((key) => store.insertKey(key, AUTHOR)));
    const winners = keys.filter((_, index) => outcomes[index]?.kind === 'inserted');
    expect(winners).toHaveLength(1);
    expect(await store.allKeys('', 100)).toEqual(winners);
    expect(await store.findKeyByHash(hashOf(77))).toEqual(winners[0]);
  });

  test('of parallel rotations exactly one wins', async () => {
    const store = await withProfiles(opened());
    await store.insertKey(sampleKey(1), AUTHOR);
    const outcomes = await Promise.all([2, 3, 4, 5].map((number) => tried(store, rotation(number))));
    expect(outcomes.filter((kind) => kind === 'changed')).toHaveLength(1);
    expect(outcomes.filter((kind) => kind === 'rotation_in_progress')).toHaveLength(3);
    expect((await store.findKey(TEAM.id, KEY_ID))?.secrets).toHaveLength(2);
  });

  test('whatever races, a revoke wins, and each won rotation is one secret', async () => {
    const { store } = opened();
    await withProfiles({ store });
    const steps = ['rotate', 'rotate', 'replace', 'end', 'extend', 'cancel', 'update', 'revoke', 'revoke'] as const;
    let number = 0;
    const run = async (order: readonly Step[]) => {
      const key = sampleKey(++number);
      await store.insertKey(key, AUTHOR);
      const kinds = await Promise.all(order.map((step) => tried(store, transition(step, ++number), key.id)));
      const after = await store.findKey(TEAM.id, key.id);
      if (after === null) throw new Error('the key is gone');
      const minted = kinds.filter((kind, index) => kind === 'changed' && mints(order[index]));
      expect(after.secrets).toHaveLength(1 + minted.length);
      expect(after.revokedAt).toBe(NOW);
      expect(kinds.filter((kind, index) => kind === 'changed' && order[index] === 'revoke')).toHaveLength(1);
      expect(currentSecret(after).revokedAt).toBeNull();
    };
    const property = fc.asyncProperty(fc.shuffledSubarray([...steps], { minLength: steps.length }), run);
    await fc.assert(property, { numRuns: 40 });
  });
}

type Step = 'rotate' | 'replace' | 'end' | 'extend' | 'cancel' | 'update' | 'revoke';
type Transition = (key: Key) => { readonly kind: 'changed'; readonly key: Key } | { readonly kind: string };

function mints(step: Step | undefined): boolean {
  return step === 'rotate' || step === 'replace';
}

function minted(number: number) {
  return { hash: hashOf(number), start: 'ok_d_new', requestDigest: `digest ${number}` };
}

function rotation(number: number): Transition {
  return (key) => rotate(key, minted(number), 1_000, NOW);
}

function transition(step: Step, number: number): Transition {
  if (step === 'rotate') return rotation(number);
  if (step === 'replace') return (key) => replaceNew(key, minted(number), NOW);
  if (step === 'end') return (key) => endGrace(key, NOW);
  if (step === 'extend') return (key) => extendGrace(key, 500, NOW);
  if (step === 'cancel') return (key) => cancelRotation(key, NOW);
  if (step === 'update') return (key) => updateKey(key, { rateLimitPerMinute: number }, NOW);
  return (key) => revoke(key, 'ada', null, NOW);
}

async function tried(store: KeyStore, apply: Transition, keyId = KEY_ID): Promise<string> {
  const outcome = await store.change(TEAM.id, keyId, AUTHOR, (key) => {
    const decision = apply(key);
    return { key: 'key' in decision ? decision.key : null, result: decision.kind };
  });
  return outcome.kind === 'decided' ? outcome.result : outcome.kind;
}

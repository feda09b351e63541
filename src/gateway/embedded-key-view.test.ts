import { describe, expect, it } from 'vitest';
import { aKey, aProfile, aSecret, NOON } from '../../test/key-builder.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import type { Key } from '../core/key.ts';
import { judge } from '../core/verdict.ts';
import { EmbeddedKeyView } from './embedded-key-view.ts';
import { type KnownSecret, knownSecret } from './known-key.ts';
import { emptyWindow, localLimits, RATE_WINDOW_MS } from './rate-limit.ts';

const FIELDS = [
  'hash',
  'ordinal',
  'start',
  'revoked',
  'expiresAt',
  'supersededAt',
  'acceptedUntil',
  'isPrevious',
  'refusedFrom',
] as const satisfies readonly (keyof KnownSecret)[];

function chance(seed: number) {
  const random = seededRandom(seed);
  const below = (end: number) => random(new Uint8Array(4)).reduce((sum, byte) => sum * 256 + byte, 0) % end;
  return { below, newHash: () => Buffer.from(random(new Uint8Array(32))).toString('hex') };
}

describe('EmbeddedKeyView', () => {
  it.each([1, 2, 3, 4])(
    'tells of each secret what was applied last, and counts each key, whatever happens (seed %i)',
    (seed) => {
      const { below, newHash } = chance(seed);
      const view = new EmbeddedKeyView();
      const profiles = [aProfile(), aProfile({ id: 'prof_3333333333333333', plan: 'free' })];
      for (const profile of profiles) view.applyProfile(profile);
      const keys: Key[] = [];
      const windows = new Map<string, ReturnType<typeof emptyWindow>>();
      const put = (key: Key) => {
        const place = keys.findIndex(({ id }) => id === key.id);
        if (place === -1) keys.push(key);
        else keys[place] = key;
        view.apply(key);
      };
      let now = NOON;
      const acts = [
        () => {
          const hash = below(3) === 0 ? `00000000${newHash().slice(8)}` : newHash();
          const id = `key_${keys.length}`;
          const profileId = profiles[below(2)]?.id ?? '';
          const rateLimitPerMinute = below(2) === 0 ? null : 1 + below(5);
          windows.set(id, emptyWindow());
          put(aKey({ id, profileId, rateLimitPerMinute, secrets: [aSecret({ hash, start: `okd_${below(9_000)}` })] }));
        },
        () => change((key) => ({ ...key, revokedAt: now })),
        () => change((key) => ({ ...key, expiresAt: now + below(2_000), rateLimitPerMinute: 1 + below(5) })),
        () =>
          change((key) => {
            const ended = key.secrets.map((secret) => ({
              ...secret,
              supersededAt: now,
              acceptedUntil: now + below(2_000),
            }));
            return { ...key, secrets: [...ended, aSecret({ hash: newHash(), ordinal: ended.length + 1 })] };
          }),
        () => {
          now += below(RATE_WINDOW_MS / 10);
        },
      ];
      const change = (changed: (key: Key) => Key) => {
        const key = keys[below(Math.max(1, keys.length))];
        if (key !== undefined) put({ ...changed(key), version: key.version + 1 });
      };
      for (let step = 0; step < 6_000; step++) {
        acts[below(acts.length)]?.();
        const key = keys[below(Math.max(1, keys.length))];
        const secret = key?.secrets[below(key.secrets.length)];
        if (key === undefined || secret === undefined) continue;
        const profile = profiles.find(({ id }) => id === key.profileId) as (typeof profiles)[number];
        const window = windows.get(key.id) as ReturnType<typeof emptyWindow>;
        const { id, name, version, rateLimitPerMinute: ownLimitPerMinute } = key;
        const model = knownSecret(key, secret, { id, name, version, profile, ownLimitPerMinute, window });
        const found = view.find(secret.hash) as KnownSecret;
        for (const field of FIELDS) expect([field, found[field]]).toEqual([field, model[field]]);
        expect([found.key.id, found.key.version, found.key.profile.plan]).toEqual([id, version, profile.plan]);
        expect(judge(found, now)).toBe(judge(model, now));
        expect(localLimits.spend(found.key, now)).toEqual(localLimits.spend(model.key, now));
        const { used, endsAt } = view.windowOf(id);
        expect({ used, endsAt }).toEqual(window);
      }
      expect(keys.length).toBeGreaterThan(700);
      expect(keys.some(({ secrets }) => secrets.length > 2)).toBe(true);
    },
  );

  it('tells the same by what a request found before its line was moved', () => {
    const { newHash } = chance(9);
    const view = new EmbeddedKeyView();
    view.applyProfile(aProfile());
    const hash = newHash();
    view.apply(aKey({ name: 'first', rateLimitPerMinute: 7, secrets: [aSecret({ hash })] }));
    const found = view.find(hash) as KnownSecret;
    localLimits.spend(found.key, NOON);
    for (let number = 0; number < 5_000; number++) {
      view.apply(
        aKey({ id: `key_${number}`, name: 'other', rateLimitPerMinute: 1, secrets: [aSecret({ hash: newHash() })] }),
      );
    }
    expect(localLimits.spend(found.key, NOON)).toMatchObject({ limit: 7, remaining: 5 });
    expect([found.key.name, found.key.id, found.refusedFrom]).toEqual(['first', aKey().id, Number.POSITIVE_INFINITY]);
    view.apply(aKey({ version: 2, revokedAt: NOON, secrets: [aSecret({ hash })] }));
    expect(judge(found, NOON)).toEqual({ kind: 'revoked' });
  });

  it('keeps an older state of a key out', () => {
    const view = new EmbeddedKeyView();
    view.applyProfile(aProfile());
    view.apply(aKey({ version: 2, revokedAt: NOON }));
    view.apply(aKey({ version: 1 }));
    expect(view.find(aSecret().hash)).toMatchObject({ revoked: true });
    expect(() => view.apply(aKey({ id: 'key_3', profileId: 'prof_none' }))).toThrow('unknown profile');
    const hash = 'b'.repeat(64);
    view.apply(aKey({ id: 'key_3', secrets: [aSecret({ hash })] }));
    localLimits.spend((view.find(hash) as KnownSecret).key, NOON);
    expect(view.windowOf('key_3').used).toBe(1);
  });
});

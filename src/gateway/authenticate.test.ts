import { describe, expect, it } from 'vitest';
import { aKey, aSecret, NOON } from '../../test/key-builder.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { mintSecret } from '../core/secret.ts';
import { hashSecret } from '../core/secret-hash.ts';
import { createAuthenticate } from './authenticate.ts';
import { EmbeddedKeyView } from './key-view.ts';

const plaintext = mintSecret('development', seededRandom(5));
const profile = {
  id: aKey().profileId,
  teamId: aKey().teamId,
  name: 'P',
  plan: 'pro',
  design: {},
  createdAt: NOON,
  archivedAt: null,
} as const;

function gateway() {
  const view = new EmbeddedKeyView();
  view.applyProfile(profile);
  view.apply(aKey({ secrets: [aSecret({ hash: hashSecret(plaintext) })] }));
  let lookUps = 0;
  const counting = {
    find: (hash: string) => {
      lookUps += 1;
      return view.find(hash);
    },
  };
  const authenticate = createAuthenticate(counting, { now: () => NOON });
  return {
    view,
    verdictOf: (text: string) => authenticate({ kind: 'presented', text }).verdict.kind,
    lookUps: () => lookUps,
  };
}

describe('authenticate', () => {
  it('refuses what is malformed without a single look-up', () => {
    const { verdictOf, lookUps } = gateway();
    const wrongChecksum = plaintext.slice(0, -1) + (plaintext.endsWith('0') ? '1' : '0');
    for (const text of ['', ' ', 'x', wrongChecksum, `${plaintext} `, plaintext.toUpperCase(), 'k'.repeat(16_000)]) {
      expect(verdictOf(text)).toBe('malformed');
    }
    expect(lookUps()).toBe(0);
  });

  it('looks a well-formed key up once, known or not', () => {
    const { verdictOf, lookUps } = gateway();
    expect(verdictOf(plaintext)).toBe('accepted');
    expect(verdictOf(mintSecret('development', seededRandom(6)))).toBe('unknown');
    expect(lookUps()).toBe(2);
  });

  it('spends nothing of the limit for a refused key', () => {
    const { view, verdictOf } = gateway();
    view.apply(aKey({ revokedAt: NOON, secrets: [aSecret({ hash: hashSecret(plaintext) })] }));
    expect(verdictOf(plaintext)).toBe('revoked');
    expect(view.windowOf(aKey().id).used).toBe(0);
  });

  it('keeps counting in the same window when the key changes', () => {
    const { view, verdictOf } = gateway();
    verdictOf(plaintext);
    view.apply(aKey({ name: 'renamed', secrets: [aSecret({ hash: hashSecret(plaintext) })] }));
    verdictOf(plaintext);
    expect(view.windowOf(aKey().id).used).toBe(2);
  });
});

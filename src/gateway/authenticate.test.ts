import { describe, expect, it } from 'vitest';
import { aKey, aProfile, aSecret, NOON } from '../../test/key-builder.ts';
import { localAuthenticate } from '../../test/local-authenticate.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { mintSecret } from '../core/secret.ts';
import { hashSecret } from '../core/secret-hash.ts';
import { EmbeddedKeyView } from './embedded-key-view.ts';

const plaintext = mintSecret('development', seededRandom(5));
function gateway() {
  const view = new EmbeddedKeyView();
  view.applyProfile(aProfile());
  view.apply(aKey({ secrets: [aSecret({ hash: hashSecret(plaintext) })] }));
  let lookUps = 0;
  const counting = {
    find: (hash: string) => {
      lookUps += 1;
      return view.find(hash);
    },
  };
  const authenticate = localAuthenticate(counting, { now: () => NOON });
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

  it('lets no older state of a key replace a newer one, whatever order the answers arrive in', () => {
    const { view, verdictOf } = gateway();
    const secret = aSecret({ hash: hashSecret(plaintext) });
    const ended = aKey({ version: 3, secrets: [{ ...secret, supersededAt: NOON - 2, acceptedUntil: NOON - 1 }] });
    const inGrace = aKey({ version: 2, secrets: [{ ...secret, supersededAt: NOON - 2, acceptedUntil: NOON + 1 }] });
    view.apply(ended);
    view.apply(inGrace);
    view.apply(aKey({ version: 1, secrets: [secret] }));
    expect(verdictOf(plaintext)).toBe('superseded');
  });

  it('judges every secret of a profile by its latest state, whichever was applied first', () => {
    const { view, verdictOf } = gateway();
    view.applyProfile(aProfile({ plan: 'free' }));
    const seen = Array.from({ length: 11 }, () => verdictOf(plaintext));
    expect(seen.filter((verdict) => verdict === 'accepted')).toHaveLength(10);
    view.applyProfile(aProfile());
    expect(verdictOf(plaintext)).toBe('accepted');
    view.applyProfile(aProfile({ archivedAt: NOON }));
    expect(verdictOf(plaintext)).toBe('archived');
  });

  it('never takes an archiving back, and spends nothing for what it refuses', () => {
    const { view, verdictOf } = gateway();
    view.applyProfile(aProfile({ archivedAt: NOON }));
    view.applyProfile(aProfile({ name: 'An answer that was under way' }));
    expect(verdictOf(plaintext)).toBe('archived');
    expect(view.windowOf(aKey().id).used).toBe(0);
  });
});

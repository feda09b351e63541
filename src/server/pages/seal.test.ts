import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { NOON } from '../../../test/key-builder.ts';
import { seededRandom } from '../../../test/seeded-random.ts';
import { createFormTokens } from './form-token.ts';
import { createSeal, SEALED_LIFE_MS, SEALED_PATTERN } from './seal.ts';

const secret = seededRandom(1)(new Uint8Array(32));
const otherSecret = seededRandom(2)(new Uint8Array(32));

function sealAt(clock: { now(): number }, purpose = 'device', key = secret) {
  return createSeal(purpose, v.picklist(['yes', 'no']), { secret: key, clock, fillRandom: seededRandom(3) });
}

describe('a seal', () => {
  const noon = { now: () => NOON };
  const sealed = sealAt(noon).close('yes', 'ada');

  it('opens for its holder, and shows nobody what is in it', () => {
    expect(sealed).toMatch(SEALED_PATTERN);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('yes');
    expect(sealAt(noon).open(sealed, 'ada')).toBe('yes');
  });

  it('stays closed for another holder, for another purpose and under another secret', () => {
    expect(sealAt(noon).open(sealed, 'eve')).toBeNull();
    expect(sealAt(noon, 'notice').open(sealed, 'ada')).toBeNull();
    expect(sealAt(noon, 'device', otherSecret).open(sealed, 'ada')).toBeNull();
  });

  it('stays closed when any bit of it was changed, and when it was cut or lengthened', () => {
    const bytes = Buffer.from(sealed, 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(sealAt(noon).open(changed.toString('base64url'), 'ada')).toBeNull();
    }
    for (const text of ['', sealed.slice(0, -4), `${sealed}AAAA`, `${sealed}=`, ` ${sealed}`, 'A'.repeat(5000)]) {
      expect(sealAt(noon).open(text, 'ada')).toBeNull();
    }
  });

  it('opens for 10 minutes, to the millisecond', () => {
    expect(sealAt({ now: () => NOON + SEALED_LIFE_MS - 1 }).open(sealed, 'ada')).toBe('yes');
    expect(sealAt({ now: () => NOON + SEALED_LIFE_MS }).open(sealed, 'ada')).toBeNull();
  });

  it('holds nothing that its schema does not know', () => {
    const wide = createSeal('device', v.string(), { secret, clock: noon, fillRandom: seededRandom(3) });
    expect(sealAt(noon).open(wide.close('perhaps', 'ada'), 'ada')).toBeNull();
  });
});

describe('a form token', () => {
  const tokens = createFormTokens(secret);

  it('is of one holder and one secret', () => {
    const token = tokens.tokenOf('ada');
    expect(tokens.isTokenOf('ada', token)).toBe(true);
    expect(tokens.isTokenOf('eve', token)).toBe(false);
    expect(createFormTokens(otherSecret).isTokenOf('ada', token)).toBe(false);
  });

  it.each(['', 'x', 'é'.repeat(43), 'A'.repeat(43), 'A'.repeat(10_000)])('is not %j', (token) => {
    expect(tokens.isTokenOf('ada', token)).toBe(false);
  });
});

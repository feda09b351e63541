import { describe, expect, it } from 'vitest';
import { redacted } from './redaction.ts';

describe('redaction', () => {
  it('leaves only the start of a key, and nothing of a credential', () => {
    const key = `okp_7Hq3${'x'.repeat(34)}`;
    const credentials = ['okl_', 'okt_', 'oki_', 'okr_', 'okdc_'].map((prefix) => `${prefix}${'y'.repeat(43)}`);
    expect(redacted(`at ${key}, ${credentials.join(' and ')}!`)).toBe(
      'at okp_7Hq3••••••••, okl_•••••••• and okt_•••••••• and oki_•••••••• and okr_•••••••• and okdc_••••••••!',
    );
  });
});

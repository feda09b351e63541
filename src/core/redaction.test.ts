import { describe, expect, it } from 'vitest';
import { redacted } from './redaction.ts';

describe('redaction', () => {
  it('leaves only the start of a key, and nothing of a credential', () => {
    const key = `okp_7Hq3${'x'.repeat(34)}`;
    const [local, session] = [`okl_${'y'.repeat(43)}`, `okt_${'z'.repeat(43)}`];
    expect(redacted(`at ${key}, ${local} and ${session}!`)).toBe('at okp_7Hq3••••••••, okl_•••••••• and okt_••••••••!');
  });
});

import { describe, expect, it } from 'vitest';
import { presentedKey } from './credential.ts';

describe('presentedKey', () => {
  it.each([
    ['none', [], 'none'],
    ['the key header', ['x-outkit-api-key', 'K'], 'K'],
    ['the key header in any case', ['X-Outkit-Api-Key', 'K'], 'K'],
    ['a bearer token', ['Authorization', 'Bearer K'], 'K'],
    ['a bearer scheme in any case', ['authorization', 'bEARER K'], 'K'],
    ['a bearer without a token', ['Authorization', 'Bearer'], ''],
    ['two spaces after the scheme', ['Authorization', 'Bearer  K'], ''],
    ['two tokens', ['Authorization', 'Bearer K,Bearer L'], ''],
    ['another scheme', ['Authorization', 'Basic K'], ''],
    ['an empty key header', ['x-outkit-api-key', ''], ''],
    ['the key header twice', ['x-outkit-api-key', 'K', 'x-outkit-api-key', 'K'], 'ambiguous'],
    ['authorization twice', ['Authorization', 'Bearer K', 'authorization', 'Bearer L'], 'ambiguous'],
    ['both headers', ['Authorization', 'Bearer K', 'x-outkit-api-key', 'K'], 'ambiguous'],
    ['a value that looks like a header', ['x-other', 'x-outkit-api-key'], 'none'],
  ])('reads %s', (_, rawHeaders, expected) => {
    const presented = presentedKey(['host', 'h', ...rawHeaders]);
    expect(presented.kind === 'presented' ? presented.text : presented.kind).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { endOfOldSecret } from './secret-end.ts';

const SUNSET = 'Fri, 01 Jan 2027 00:00:00 GMT';
const endOf = (headers: Record<string, string>) => endOfOldSecret(new Headers(headers));

describe('the end of an old secret', () => {
  it('is what Sunset says beside a Deprecation', () => {
    expect(endOf({ deprecation: '@1764000000', sunset: SUNSET })).toBe(Date.UTC(2027, 0, 1));
  });

  it.each([
    {},
    { sunset: SUNSET },
    { deprecation: '@1764000000' },
    { deprecation: 'true', sunset: SUNSET },
    { deprecation: '@1764000000, @1', sunset: SUNSET },
    { deprecation: '@1764000000', sunset: 'Mon, 01 Jan 2027 00:00:00 GMT' },
    { deprecation: '@1764000000', sunset: 'Tue, 30 Feb 2027 00:00:00 GMT' },
    { deprecation: '@1764000000', sunset: '2027-01-01T00:00:00Z' },
    { deprecation: '@1764000000', sunset: `${SUNSET}, ${SUNSET}` },
    { deprecation: '@1764000000', sunset: 'x'.repeat(100_000) },
  ])('is unknown from %j', (headers) => {
    expect(endOf(headers)).toBeNull();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedText } from './config-change.ts';

const ID = 'prof_7hq3m2xk9tqw4bnz';
const withProfile = (text: string) => changedText('outkit.json', text, { profile: ID });

describe('a field of outkit.json', () => {
  it.each([
    ['{ "profile": "old" }', `{ "profile": "${ID}" }`],
    ['{"profile":"old"}', `{"profile":"${ID}"}`],
    [
      '{\r\n\t"envFile" : ".env",\r\n\t"profile" : null\r\n}\r\n',
      `{\r\n\t"envFile" : ".env",\r\n\t"profile" : "${ID}"\r\n}\r\n`,
    ],
    ['  {"a": {"profile": 1}, "profile":\n\n{"x":[1, 2]} }', `  {"a": {"profile": 1}, "profile":\n\n"${ID}" }`],
    ['{ "pro\\u0066ile": "old" }', `{ "pro\\u0066ile": "${ID}" }`],
    ['{ "profile": "a", "profile": "b" }', `{ "profile": "a", "profile": "${ID}" }`],
  ])('is replaced in %j, and nothing else is touched', (before, after) => {
    expect(withProfile(before)).toBe(after);
  });

  it.each([
    ['{ "envFile": ".env" }', `{ "envFile": ".env", "profile": "${ID}" }`],
    ['{\n    "a": [1,  2]\n}', `{\n    "a": [1,  2],\n    "profile": "${ID}"\n}`],
    ['{\r\n\t"a": 1\r\n}', `{\r\n\t"a": 1,\r\n\t"profile": "${ID}"\r\n}`],
    ['{"a":1}', `{"a":1, "profile": "${ID}"}`],
    ['{}', `{\n  "profile": "${ID}"\n}\n`],
  ])('is added to %j as its other fields stand', (before, after) => {
    expect(withProfile(before)).toBe(after);
  });

  it('is what a parser reads afterwards, beside all that was there, whatever stood there', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, 4, '\t'), (value, indent) => {
        const before = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(withProfile(JSON.stringify(value, null, indent)))).toEqual({ ...before, profile: ID });
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { mintSecret } from '../../core/secret.ts';
import { newSecret } from '../env-file/project.fixture.ts';
import { embeddedSecrets } from './embedded-secrets.ts';
import { seenOf } from './facts.fixture.ts';

const KEY = newSecret();
const [BODY, HEAD] = [KEY.slice(1), KEY.slice(0, 1)];
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a key in a text', () => {
  it.each<[string, string]>([
    ['as it is', `const a="${KEY}",b=1`],
    ['in JSON of JSON', JSON.stringify(JSON.stringify(JSON.stringify({ KEY })))],
    ['whose first character is escaped', `"\\x6f${BODY}"`],
    ['with an escape of four digits', `"\\u006F${BODY}"`],
    ['with an escape in braces', `"${HEAD}\\u{6b}${KEY.slice(2)}"`],
    ['with an escape in braces and zeros', `"${HEAD}\\u{006b}${KEY.slice(2)}"`],
    ['with an escape in its middle', `"${KEY.slice(0, 20)}\\x${KEY.charCodeAt(20).toString(16)}${KEY.slice(21)}"`],
    ['escaped as a whole', [...KEY].map((character) => `\\x${character.charCodeAt(0).toString(16)}`).join('')],
    ['escaped inside of JSON', JSON.stringify(`"\\x6f${BODY}"`)],
    ['over two lines of a string', `"${KEY.slice(0, 15)}\\\n${KEY.slice(15)}"`],
    ['in a URL', `?key=${KEY.replace('_', '%5F')}&b`],
    ...[0, 1, 2].map((shift): [string, string] => [
      `in base64, moved by ${shift}`,
      base64(`${'x'.repeat(shift)}${KEY}"}`),
    ]),
    ['in base64 for URLs', Buffer.from(`ÿÿ${KEY}ÿÿ`).toString('base64url')],
    [
      'in a source map that is part of its file',
      `//# sourceMappingURL=data:application/json;base64,${base64(`{"s":["k='${KEY}'"]}`)}`,
    ],
    ['in base64 with line breaks', base64(`some text before ${KEY} and after`).replace(/.{38}/g, '$&\r\n')],
  ])('is found %s', (_, text) => {
    expect(embeddedSecrets(text).map(({ secret }) => secret)).toEqual([seenOf(KEY)]);
  });

  it.each(['d', 's', 'p'])('of each environment is found in base64: ok%s_', (letter) => {
    const environment = ({ d: 'development', s: 'staging', p: 'production' } as const)[letter as 'd' | 's' | 'p'];
    const key = mintSecret(environment, (bytes) => bytes.fill(7));
    for (const shift of [0, 1, 2]) expect(embeddedSecrets(base64('x'.repeat(shift) + key))).toHaveLength(1);
  });

  it('is told with the place where it begins', () => {
    expect(embeddedSecrets(`ab\n${KEY}`)).toEqual([{ secret: seenOf(KEY), index: 3 }]);
  });

  it('is found behind, and inside of, what looks like the start of another', () => {
    expect(embeddedSecrets(`okd_${KEY}`)).toEqual([{ secret: seenOf(KEY), index: 4 }]);
    expect(embeddedSecrets(`okd_${'0'.repeat(35)}${KEY}`)).toEqual([{ secret: seenOf(KEY), index: 39 }]);
  });

  it('is not seen in what only looks like one', () => {
    const damaged = `${KEY.slice(0, -1)}${KEY.endsWith('0') ? '1' : '0'}`;
    const texts = [damaged, base64(damaged), `okd_${'0'.repeat(38)}`, KEY.slice(0, -1), base64(KEY).slice(0, -4)];
    expect(texts.flatMap(embeddedSecrets)).toEqual([]);
  });

  it('takes the time of the length, whatever the text is made of', () => {
    const length = 4_000_000;
    const escaped = ['okd_%41%41%41', 'okd%5f', `okd_${'\\'.repeat(8)}`, 'okd_\\\n'];
    const texts = ['\\', 'o\\', 'ok', '\\u{0', '\\x6f', 'b2tkX', 'okd_', '%6f', ...escaped].map((part) =>
      part.repeat(length / part.length),
    );
    // A search that went over the text again for each character would need hours.
    expect(texts.flatMap(embeddedSecrets)).toEqual([]);
  });
});

import { parseEnv } from 'node:util';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setVariable } from './document.ts';
import { envContents } from './env-contents.fixture.ts';

const SECRET = 'okd_7Hq3ZkfJ2nXbVtYwRs8LmPcAd1GeUi4TBtXw9z';

/** Fails unless `after` is `before` with one line appended, or with something else between two line breaks. */
function expectOneLineDiffers(before: Buffer, after: Buffer): void {
  if (after.subarray(0, before.length).equals(before)) {
    const added = after.subarray(before.length).toString();
    const isFinished = before.length === 0 || before.at(-1) === 0x0a;
    expect(added).toMatch(isFinished ? /^KEY=\w+\r?\n$|^\w+$/ : /^(?:\r?\nKEY=\w+\r?\n|\w+)$/);
    return;
  }
  const start = before.findIndex((byte, index) => byte !== after[index]);
  const oldEnd = before.findLastIndex((byte, index) => byte !== after[index + after.length - before.length]);
  expect(before.subarray(start, oldEnd + 1).toString('latin1')).not.toMatch(/[\r\n]/);
  expect(after.subarray(start, oldEnd + 1 + after.length - before.length).toString('latin1')).not.toMatch(/[\r\n]/);
}

function without(variables: Record<string, string | undefined>, name: string): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([found]) => found !== name));
}

function changed(text: string, name = 'KEY'): string {
  const result = setVariable(Buffer.from(text), name, SECRET);
  return result.kind === 'changed' ? result.contents.toString().replace(SECRET, '<new>') : result.reason;
}

describe('setVariable', () => {
  test('changes exactly one line of any contents and is read back by Node and dotenv, or refuses', () => {
    let accepted = 0;
    const property = fc.property(envContents, (contents) => {
      const original = Buffer.from(contents);
      const result = setVariable(contents, 'KEY', SECRET);
      expect(contents.equals(original)).toBe(true);
      if (result.kind === 'refused') return;
      accepted++;
      expectOneLineDiffers(contents, result.contents);
      for (const read of [parseEnv, parse, (text: string) => parse(text, { fast: true })]) {
        const [before, after] = [read(contents.toString()), read(result.contents.toString())];
        expect(after['KEY']).toBe(SECRET);
        expect(without(after, 'KEY')).toEqual(without(before, 'KEY'));
      }
    });
    fc.assert(property, { numRuns: 10_000 });
    expect(accepted).toBeGreaterThan(3_000);
  });

  test.each([
    ['an empty file', '', 'KEY=<new>\n'],
    ['a last line', 'A=1\n', 'A=1\nKEY=<new>\n'],
    ['a last line that is not finished', 'A=1', 'A=1\nKEY=<new>\n'],
    ['CRLF', 'A=1\r\nB=2\r\n', 'A=1\r\nB=2\r\nKEY=<new>\r\n'],
    ['CRLF and a last line that is not finished', 'A=1\r\nB=2', 'A=1\r\nB=2\r\nKEY=<new>\r\n'],
    ['a byte order mark', '\ufeffA=1\n', '\ufeffA=1\nKEY=<new>\n'],
    ['comments', '# KEY=old\nA=1 # KEY=x\n', '# KEY=old\nA=1 # KEY=x\nKEY=<new>\n'],
    [
      'names that only resemble it',
      'KEYS=1\nMY_KEY=2\nKEY.X=3\nkey=4\n',
      'KEYS=1\nMY_KEY=2\nKEY.X=3\nkey=4\nKEY=<new>\n',
    ],
    ['a match inside a value of several lines', 'A="x\nKEY=1\n"\n', 'A="x\nKEY=1\n"\nKEY=<new>\n'],
  ])('appends after %s', (_, before, after) => {
    expect(changed(before)).toBe(after);
  });

  test.each([
    ['no final line break', 'A=1\nKEY=old', 'A=1\nKEY=<new>'],
    ['CRLF', 'KEY=old\r\nB=2\r\n', 'KEY=<new>\r\nB=2\r\n'],
    ['export', 'export KEY=old\n', 'export KEY=<new>\n'],
    ['spaces', '  KEY = old\nB=2', '  KEY = <new>\nB=2'],
    ['quotes and a comment', 'KEY="o#d" # "note"\n', 'KEY=<new> # "note"\n'],
    ['a comment that touches the value', 'KEY=old#note\n', 'KEY=<new> #note\n'],
    ['an empty value and a comment', 'KEY= # note\n', 'KEY=<new> # note\n'],
    ['an empty value', 'KEY=\nB=2\n', 'KEY=<new>\nB=2\n'],
    ['escaped quotes', 'KEY="a\\"b" # é\n', 'KEY=<new> # é\n'],
    ['a value in another line', 'A="x\nKEY=1"\nKEY=old\n', 'A="x\nKEY=1"\nKEY=<new>\n'],
  ])('replaces the value only, keeping %s', (_, before, after) => {
    expect(changed(before)).toBe(after);
  });

  test.each([
    ['nul-byte', [], 'A=1\0\n'],
    ['lone-bom', [], '\ufeff'],
    ['unbalanced-quote', [2], 'A=1\nB="open\n'],
    ['unbalanced-quote', [1], "KEY='open"],
    ['several-lines', [1, 3], 'KEY=1\n\nexport KEY=2\n'],
    ['multi-line-value', [2], '\nKEY="a\nb"\n'],
    ['unsafe-line', [1], '\ufeffKEY=1\n'],
    ['unsafe-line', [1], 'KEY: old\n'],
    ['unsafe-line', [1], 'KEY=2\rB=3'],
    ['unsafe-line', [], 'A= \n'],
  ])('refuses with %s, naming lines %j, for %j', (reason, lines, text) => {
    expect(setVariable(Buffer.from(text), 'KEY', SECRET)).toEqual({ kind: 'refused', reason, lines });
  });

  test.each([
    ['KEY=old', 'old'],
    ["KEY='o d'", 'o d'],
    ['KEY=', ''],
    ['A=1', undefined],
  ])('says that %j held %j', (text, previousValue) => {
    expect(setVariable(Buffer.from(text), 'KEY', SECRET)).toMatchObject({ previousValue });
  });

  test('keeps bytes that are no UTF-8', () => {
    const before = Buffer.from('A=\xff\xfe\nKEY=old # \xe9\nB=\xc3', 'latin1');
    const result = setVariable(before, 'KEY', SECRET);
    expect(result).toMatchObject({ contents: Buffer.from(`A=\xff\xfe\nKEY=${SECRET} # \xe9\nB=\xc3`, 'latin1') });
  });

  test('refuses a name that Node does not read back', () => {
    expect(changed('', '__proto__')).toBe('unsafe-line');
  });
});

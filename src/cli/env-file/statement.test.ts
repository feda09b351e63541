import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envText } from './env-contents.fixture.ts';
import { readStatements } from './statement.ts';

/** What `dotenv` makes of the values, so that statements can be compared with its answer. */
function valuesOf(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, rawValue } of readStatements(text)) {
    const value = rawValue.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
    values[name] = rawValue.startsWith('"') ? value.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : value;
  }
  return values;
}

describe('readStatements', () => {
  test('finds the same variables and values as dotenv in any text', () => {
    fc.assert(
      fc.property(envText, (text) => {
        expect(valuesOf(text.replace(/\r\n?/g, '\n'))).toEqual(parse(text));
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    ['A=1\n\nB="x\ny"\nC=2', [1, 1], [3, 4], [5, 5]],
    ['# A=0\n  export A=1', [2, 2]],
    ['A=\n"next line"', [1, 2]],
  ])('says on which lines each value of %j stands', (text, ...lines) => {
    expect(readStatements(text).map((statement) => [statement.line, statement.lastLine])).toEqual(lines);
  });

  test.each(['A="x', "A='x # y", 'B=1\nA=`\nC=2', 'A="x\nB="y"'])('calls the open quote in %j unbalanced', (text) => {
    expect(readStatements(text).some((statement) => statement.isUnbalanced)).toBe(true);
  });

  test.each(["A=it's", "A='it's'", 'A="x" y', 'A="\\"', '# "', 'A=1 # "', 'A="x\ny"'])(
    'finds no open quote in %j',
    (text) => {
      expect(readStatements(text).some((statement) => statement.isUnbalanced)).toBe(false);
    },
  );

  test('takes no longer than the length of hostile contents allows', () => {
    const hostile = [
      `A="${'\\"'.repeat(250_000)}`,
      '\n'.repeat(500_000),
      `${'a'.repeat(250_000)}${'\n'.repeat(250_000)}`,
      'A="\n'.repeat(125_000),
    ];
    const startedAt = performance.now();
    for (const text of hostile) readStatements(text);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

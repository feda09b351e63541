import { expect, it } from 'vitest';
import { isInteractive } from './interactivity.ts';

const BOOLEANS = [true, false];

it('asks only with a terminal on stdin and stderr, outside of CI, without --json and --no-input: the whole truth table', () => {
  const asking: unknown[] = [];
  for (const stdinIsTTY of BOOLEANS)
    for (const stderrIsTTY of BOOLEANS)
      for (const ci of [undefined, 'true'])
        for (const json of BOOLEANS)
          for (const noInput of BOOLEANS) {
            const surroundings = { stdinIsTTY, stderrIsTTY, ci, json, noInput };
            if (isInteractive(surroundings)) asking.push(surroundings);
          }
  expect(asking).toEqual([{ stdinIsTTY: true, stderrIsTTY: true, ci: undefined, json: false, noInput: false }]);
});

it.each([
  [undefined, true],
  ['', true],
  ['0', true],
  ['false', true],
  ['1', false],
  ['true', false],
  ['woodpecker', false],
])('CI=%s', (ci, expected) => {
  expect(isInteractive({ stdinIsTTY: true, stderrIsTTY: true, ci, json: false, noInput: false })).toBe(expected);
});

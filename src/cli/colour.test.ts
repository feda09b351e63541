import { expect, it } from 'vitest';
import { type ColourFlag, wantsColour } from './colour.ts';
import type { Environ } from './io.ts';

type Row = [flag: ColourFlag, env: Environ, isTTY: boolean, expected: boolean, why: string];

it.each<Row>([
  ['off', { FORCE_COLOR: '1' }, true, false, '--no-color before everything'],
  ['on', { NO_COLOR: '1', FORCE_COLOR: '0' }, false, true, '--color before the environment'],
  [null, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false, 'NO_COLOR before FORCE_COLOR'],
  [null, { NO_COLOR: '', FORCE_COLOR: '1' }, false, true, 'an empty NO_COLOR says nothing'],
  [null, { FORCE_COLOR: '0' }, true, false, 'FORCE_COLOR=0 is off'],
  [null, { FORCE_COLOR: '3' }, false, true, 'FORCE_COLOR is on'],
  [null, { FORCE_COLOR: '' }, true, true, 'an empty FORCE_COLOR says nothing'],
  [null, { FORCE_COLOR: '1', TERM: 'dumb' }, true, true, 'FORCE_COLOR before the terminal'],
  [null, { TERM: 'dumb' }, true, false, 'a dumb terminal has none'],
  [null, { TERM: 'xterm' }, true, true, 'a terminal has colour'],
  [null, {}, false, false, 'what is no terminal has none'],
])('%s %j on a terminal: %s -> %s (%s)', (flag, env, isTTY, expected) => {
  expect(wantsColour(flag, env, isTTY)).toBe(expected);
});

import type { Environ } from './io.ts';

/** `--no-color`, `--color`, or neither. */
export type ColourFlag = 'on' | 'off' | null;

/** Does a stream get colour? `--no-color` > `--color` > `NO_COLOR` non-empty > `FORCE_COLOR` (0 = off) > a terminal that is not dumb. */
export function wantsColour(flag: ColourFlag, env: Environ, isTTY: boolean): boolean {
  if (flag !== null) return flag === 'on';
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0';
  return isTTY && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

import { describe, expect, it } from 'vitest';
import { swatch } from './swatch.ts';

const ESC = '\x1b';

describe('a swatch', () => {
  it.each([
    ['#b30069', '48;2;179;0;105', '48;5;125'],
    ['#B30069', '48;2;179;0;105', '48;5;125'],
    ['#b30069cc', '48;2;179;0;105', '48;5;125'],
    ['#fff', '48;2;255;255;255', '48;5;231'],
    ['#0008', '48;2;0;0;0', '48;5;16'],
  ])('of %s is two columns in that colour', (value, trueColour, cube) => {
    expect(swatch(value, true)).toBe(`${ESC}[${trueColour}m  ${ESC}[0m`);
    expect(swatch(value, false)).toBe(`${ESC}[${cube}m  ${ESC}[0m`);
  });

  it.each(['8px', 'red', '#', '#12', '#12345', '#1234567', '#ggg', 'x#fff', '#fff;', ''])('of %j is none', (value) => {
    expect(swatch(value, true)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { isGoodPass, newDashboardPass, PASS_LIFE_MS } from './dashboard-pass.ts';

const NOW = 1_800_000_000_000;
const pass = newDashboardPass('okl_one', NOW, seededRandom(1));

describe('a pass of the dashboard', () => {
  it('is good for 5 minutes, to the server whose credential made it', () => {
    expect(isGoodPass(pass, 'okl_one', NOW)).toBe(true);
    expect(isGoodPass(pass, 'okl_one', NOW + PASS_LIFE_MS - 1)).toBe(true);
    expect(isGoodPass(pass, 'okl_one', NOW + PASS_LIFE_MS)).toBe(false);
    expect(isGoodPass(pass, 'okl_two', NOW)).toBe(false);
  });

  it('is not good when its end, or any other character of it, was changed', () => {
    for (let index = 0; index < pass.length; index++) {
      const other = pass[index] === '1' ? '2' : '1';
      expect(isGoodPass(pass.slice(0, index) + other + pass.slice(index + 1), 'okl_one', NOW)).toBe(false);
    }
    for (const text of ['', '.', '..', `${pass}x`, pass.slice(1), `${pass}\n`]) {
      expect(isGoodPass(text, 'okl_one', NOW)).toBe(false);
    }
  });

  it('from further ahead than it can live is not good: the clock was set back since', () => {
    expect(isGoodPass(pass, 'okl_one', NOW - 1)).toBe(false);
  });

  it('is another one each time, fits into a path, and has nothing of the credential', () => {
    const random = seededRandom(2);
    const [one, two] = [newDashboardPass('okl_one', NOW, random), newDashboardPass('okl_one', NOW, random)];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^[A-Za-z0-9_.-]+$/);
    expect(one).not.toContain('okl_');
  });
});

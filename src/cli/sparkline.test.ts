import { expect, it } from 'vitest';
import { sparkline } from './sparkline.ts';

it('draws zero as the lowest bar and nothing else so low', () => {
  expect(sparkline([0, 1, 500, 1000], 10)).toBe('▁▂▅█');
  expect(sparkline([0, 0], 10)).toBe('▁▁');
  expect(sparkline([], 10)).toBe('');
});

it('adds neighbours up where there are more values than bars', () => {
  expect([
    ...sparkline(
      Array.from({ length: 169 }, () => 1),
      48,
    ),
  ]).toHaveLength(43);
  expect(sparkline([1, 1, 0, 0], 2)).toBe('█▁');
});

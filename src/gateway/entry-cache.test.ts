import { expect, it } from 'vitest';
import { EntryCache } from './entry-cache.ts';

it('never has more than so many entries, keeps what is used, and tells when it forgets', () => {
  let forgotten = 0;
  const cache = new EntryCache<number, string>(100, () => {
    forgotten += 1;
  });
  for (let number = 0; number < 10_000; number++) {
    cache.set(number, `${number}`);
    cache.get(0);
    expect(cache.size).toBeLessThanOrEqual(100);
  }
  expect(cache.get(0)).toBe('0');
  expect(cache.peek(9_999)).toBe('9999');
  expect(cache.peek(1)).toBeUndefined();
  expect(forgotten).toBeGreaterThan(100);
});

it('forgets nothing while it is half full, and has one state of each name', () => {
  let forgotten = 0;
  const cache = new EntryCache<number, string>(100, () => {
    forgotten += 1;
  });
  for (let number = 0; number < 50; number++) cache.set(number, 'first');
  for (let number = 0; number < 50; number++) cache.set(number, 'second');
  expect([cache.size, forgotten]).toEqual([50, 0]);
  cache.delete(3);
  expect([cache.peek(3), cache.get(4)]).toEqual([undefined, 'second']);
  cache.clear();
  expect(cache.size).toBe(0);
});

import { expect, test } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import { requestIds } from './request-ids.ts';

test('ids of requests are all different, also where one piece of randomness ends and the next begins', () => {
  let pieces = 0;
  const fillRandom = seededRandom(1);
  const next = requestIds((bytes) => {
    pieces += 1;
    return fillRandom(bytes);
  });
  const ids = Array.from({ length: 2_000 }, next);
  expect(new Set(ids).size).toBe(2_000);
  expect(ids.filter((id) => !/^req_[2-9a-kmnp-z]{16}$/.test(id))).toEqual([]);
  // 256 ids of 16 bytes from each.
  expect(pieces).toBe(8);
});

import { expect, it } from 'vitest';
import type { KeyStats, KeySummary } from '../../../../src/core/key-service.ts';
import { lastCaller, needsName, requestsOf } from './revoke-rules.ts';

const NONE = { served: 0, clientErrors: 0, serverErrors: 0, rateLimited: 0 };
const stats = (fields: object) => ({ ...NONE, ...fields }) as KeyStats;
const use = (at: number) => ({ at, ip: '192.0.2.1', agent: `at ${at}` });
const of = (environment: string) => ({ environment }) as KeySummary;

it('a key whose requests fail or are over the limit is in use too', () => {
  expect(requestsOf(stats({ served: 1, clientErrors: 2, serverErrors: 3, rateLimited: 4, refused: 50 }))).toBe(10);
});

it('the last caller is whoever came last with any of its secrets', () => {
  const uses = (current: number | null, previous: number | null) =>
    stats({
      currentSecret: { lastUse: current === null ? null : use(current) },
      previousSecret: previous === null ? null : { lastUse: use(previous) },
    });
  expect(lastCaller(uses(null, null))).toBeNull();
  expect(lastCaller(uses(5, null))?.at).toBe(5);
  expect(lastCaller(uses(null, 4))?.at).toBe(4);
  expect(lastCaller(uses(5, 9))?.at).toBe(9);
  expect(lastCaller(uses(9, 5))?.at).toBe(9);
});

it('the name is asked for where production would break, or nobody knows whether it would', () => {
  expect(needsName(of('production'), stats({ served: 1 }))).toBe(true);
  expect(needsName(of('production'), null)).toBe(true);
  expect(needsName(of('production'), stats({}))).toBe(false);
  expect(needsName(of('staging'), stats({ served: 1 }))).toBe(false);
  expect(needsName(of('development'), null)).toBe(false);
});

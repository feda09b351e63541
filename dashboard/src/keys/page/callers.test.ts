import { expect, it } from 'vitest';
import type { StoredEvent } from '../../../../src/core/render-event.ts';
import { callersOf } from './callers.ts';

const event = (ip: string, agent: string, at: number, count = 1) => ({ ip, agent, at, count }) as StoredEvent;

it('callers are told apart by address and program, the latest first, with all their requests', () => {
  expect(
    callersOf([
      event('192.0.2.2', 'b', 9),
      event('192.0.2.1', 'a', 8),
      event('192.0.2.1', 'b', 7),
      event('192.0.2.1', 'a', 10, 4),
    ]),
  ).toEqual([
    { ip: '192.0.2.1', agent: 'a', lastAt: 10, requests: 5 },
    { ip: '192.0.2.2', agent: 'b', lastAt: 9, requests: 1 },
    { ip: '192.0.2.1', agent: 'b', lastAt: 7, requests: 1 },
  ]);
  expect(callersOf([])).toEqual([]);
});

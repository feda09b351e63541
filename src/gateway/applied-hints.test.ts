import { expect, it, onTestFinished, vi } from 'vitest';
import { AppliedHints } from './applied-hints.ts';

it('resolves with the last of those that are waited for, those before included, or when the time is over', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const hints = new AppliedHints();
  const ended: string[] = [];
  const wait = (name: string, untilHeard: number) => hints.wait(100, untilHeard).then(() => ended.push(name));
  hints.hear();
  wait('one', 1);
  wait('two', 2);
  wait('three', 3);
  await vi.advanceTimersByTimeAsync(0);
  expect(ended).toEqual(['one']);
  hints.hear();
  await vi.advanceTimersByTimeAsync(99);
  expect(ended).toEqual(['one', 'two']);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual(['one', 'two', 'three']);
  expect([hints.heard, vi.getTimerCount()]).toEqual([2, 0]);
});

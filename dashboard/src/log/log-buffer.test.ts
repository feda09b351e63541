import { expect, it } from 'vitest';
import type { LogItem } from '../../../src/client/follow.ts';
import { aRenderEvent } from '../../../test/render-event-builder.ts';
import { LogBuffer, MAX_LINES, seqOf } from './log-buffer.ts';

const event = (seq: number): LogItem => ({ kind: 'event', event: { ...aRenderEvent(), seq } });

it('what is kept and what had to make room add up to what came, at every number', () => {
  const buffer = new LogBuffer();
  for (let seq = 1; seq <= 3 * MAX_LINES; seq++) {
    buffer.add(event(seq));
    if (seq % 97 !== 0) continue;
    const { lines, received, skipped } = buffer.view();
    expect([received, lines.length + skipped]).toEqual([seq, seq]);
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
    expect(lines.map(seqOf)).toEqual(Array.from(lines, (_, index) => seq - index));
  }
});

it('a gap has a line and is no event', () => {
  const buffer = new LogBuffer();
  buffer.add(event(1));
  buffer.add({ kind: 'gap', missed: 3, seq: 4 });
  buffer.add(event(5));
  expect(buffer.view()).toMatchObject({ received: 2, skipped: 0 });
  expect(buffer.view().lines.map(seqOf)).toEqual([5, 4, 1]);
});

it('a view stays as it is while more comes', () => {
  const buffer = new LogBuffer();
  buffer.add(event(1));
  const view = buffer.view();
  for (let seq = 2; seq < 5_000; seq++) buffer.add(event(seq));
  expect(view.lines.map(seqOf)).toEqual([1]);
});

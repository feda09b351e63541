import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OutkitError } from '../../core/errors.ts';
import { endFrame, HEARTBEAT_FRAME } from './event-frames.ts';
import { eventStream } from './event-stream.ts';

let hand: (frames: string) => void;
let end: (error: OutkitError) => void;
let asked = 0;
let isClosed = false;
const tail = {
  next: () =>
    new Promise<string>((resolve, reject) => {
      asked += 1;
      hand = resolve;
      end = reject;
    }),
  end: (error: OutkitError) => end(error),
};
const onClosed = () => {
  isClosed = true;
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  asked = 0;
  isClosed = false;
});
afterEach(() => vi.useRealTimers());

const turn = () => new Promise(setImmediate);

function opened(checkAgain: () => Promise<void> = async () => {}) {
  const stream = eventStream(tail, { checkAgain, onClosed });
  const received: string[] = [];
  return { stream, received, read: () => stream.on('data', (text) => received.push(text)) };
}

test('a comment opens the stream, and one comes every 15 s in which nothing else does', async () => {
  const { received, read } = opened();
  read();
  await turn();
  expect(received).toEqual([HEARTBEAT_FRAME]);
  vi.advanceTimersByTime(14_999);
  await turn();
  expect(received).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await turn();
  expect(received).toEqual([HEARTBEAT_FRAME, HEARTBEAT_FRAME]);
});

test('for a reader that takes nothing one comment waits, and the tail is asked once', async () => {
  const { stream } = opened();
  stream.read(0);
  await turn();
  vi.advanceTimersByTime(600_000);
  await turn();
  expect(stream.readableLength).toBe(HEARTBEAT_FRAME.length);
  expect(asked).toBe(1);
});

test('frames come as they are, one call of the tail after the other, heartbeats or not', async () => {
  const { received, read } = opened();
  read();
  await turn();
  vi.advanceTimersByTime(45_000);
  await turn();
  expect(asked).toBe(1);
  hand('id: 1\ndata: {}\n\n');
  await turn();
  expect(asked).toBe(2);
  expect(received.join('')).toBe(`${HEARTBEAT_FRAME.repeat(4)}id: 1\ndata: {}\n\n`);
});

test('who may not see it any more loses it within 5 s, and is told why', async () => {
  let isAllowed = true;
  const gone = new OutkitError('not_found', 'No such profile');
  const { stream, received, read } = opened(async () => {
    if (!isAllowed) throw gone;
  });
  read();
  await turn();
  vi.advanceTimersByTime(60_000);
  await turn();
  expect(isClosed).toBe(false);
  isAllowed = false;
  vi.advanceTimersByTime(5_000);
  await once(stream, 'end');
  expect(received.at(-1)).toBe(endFrame(gone));
  expect(isClosed).toBe(true);
});

test('a failure of ours ends it without saying what failed', async () => {
  const { stream, received, read } = opened();
  read();
  await turn();
  end(new Error('no such table: secrets') as OutkitError);
  await once(stream, 'end');
  expect(received.at(-1)).toContain('"code":"internal"');
  expect(received.join('')).not.toContain('secrets');
});

test('a cut connection closes it, and no timer is left', async () => {
  const { stream, read } = opened();
  read();
  await turn();
  stream.destroy();
  await once(stream, 'close');
  expect(isClosed).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { Exchange } from './exchange.ts';
import { KeyErrors } from './key-errors.ts';
import { relayedBody } from './relayed-body.ts';

function setUp() {
  let pulls = 0;
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulls += 1;
        controller.enqueue(new Uint8Array(1000));
      },
    },
    { highWaterMark: 0 },
  );
  const exchange = new Exchange(new Request('http://a.example'), 1000);
  const reader = relayedBody(source, exchange, new KeyErrors(() => {})).getReader();
  return { exchange, reader, pulls: () => pulls };
}

it('takes from the renderer what its reader asks for, and no more', async () => {
  const { exchange, reader, pulls } = setUp();
  await nextTurn();
  expect(pulls()).toBe(0);
  await reader.read();
  await reader.read();
  await nextTurn();
  expect(pulls()).toBe(2);
  exchange.end();
});

it('breaks when the renderer breaks, and leaves no timer', async () => {
  vi.useFakeTimers();
  const source = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('reset')) });
  const exchange = new Exchange(new Request('http://a.example'), 1000);
  const reader = relayedBody(source, exchange, new KeyErrors(() => {})).getReader();
  await expect(reader.read()).rejects.toThrow('cut off');
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('ends the request to the renderer when its reader goes away', async () => {
  const { exchange, reader } = setUp();
  await reader.cancel();
  expect([exchange.signal.aborted, exchange.why]).toEqual([true, 'client_gone']);
});

it('tells a reader that asks for nothing that the answer was cut', async () => {
  const { exchange, reader } = setUp();
  exchange.clientGone();
  await expect(reader.closed).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
});

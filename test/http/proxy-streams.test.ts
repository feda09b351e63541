import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createOutkitProxy } from '../../src/proxy/proxy.ts';
import { mintedKey } from '../minted-key.ts';
import { seededRandom } from '../seeded-random.ts';
import { startFakeRenderer, stream } from './fake-renderer.ts';
import { APPS, startApp } from './proxy-apps.ts';

const key = mintedKey(seededRandom(1)).plaintext;
const log = { warn() {}, error() {} };
const proxyTo = (apiUrl: string) => createOutkitProxy({ key, apiUrl, authorize: () => true, log });

function post(url: string, signal?: AbortSignal): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"content":"a"}',
    ...(signal && { signal }),
  });
}

/** Reads as much as is there to be read, and fails when something else comes. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, expected: string): Promise<void> {
  let text = '';
  while (text !== expected) {
    const { done, value } = await reader.read();
    text += new TextDecoder().decode(value);
    if (done || !expected.startsWith(text)) throw new Error(`it got ${JSON.stringify(text)}`);
  }
}

function readerOf({ body }: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (body === null) throw new Error('it has no body');
  return body.getReader();
}

// Hono tells the console of streams that break.
beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'info').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

describe.each(APPS)('a stream through %s', (app) => {
  it('arrives piece by piece: none waits for the next one, not even half an event', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<ServerResponse>();
    const renderer = await startFakeRenderer((response, request) => {
      stream('data: 0\n')(response, request);
      open(response);
    });
    const reader = readerOf(await post(await startApp(app, proxyTo(renderer.origin))));
    const response = await opened;
    await readUntil(reader, 'data: 0\n');
    for (const piece of ['\n', 'd', 'ata: {"v', '":"漢', '"}\n', '\n', 'data: [DONE]\n\n']) {
      response.write(piece);
      await readUntil(reader, piece);
    }
    response.end();
    expect((await reader.read()).done).toBe(true);
  });

  it('ends at the renderer when the client goes away, before the answer and in the middle of it', async () => {
    const silent = await startFakeRenderer(() => waiting.abort());
    const waiting = new AbortController();
    await expect(post(await startApp(app, proxyTo(silent.origin)), waiting.signal)).rejects.toThrow('aborted');
    await silent.ended;

    const talking = await startFakeRenderer(stream('data: 1\n\n'));
    const reading = new AbortController();
    const reader = readerOf(await post(await startApp(app, proxyTo(talking.origin)), reading.signal));
    await readUntil(reader, 'data: 1\n\n');
    reading.abort();
    await talking.ended;
  });

  it('is broken for the client when it breaks at the renderer, never a shorter whole', async () => {
    const { promise: opened, resolve: open } = Promise.withResolvers<ServerResponse>();
    const renderer = await startFakeRenderer((response, request) => {
      stream('data: 1\n\n')(response, request);
      open(response);
    });
    const reader = readerOf(await post(await startApp(app, proxyTo(renderer.origin))));
    await readUntil(reader, 'data: 1\n\n');
    (await opened).destroy();
    await expect(reader.read()).rejects.toThrow();
  });

  it('is broken, and ends at the renderer, when it takes longer than it may', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const renderer = await startFakeRenderer(stream('data: 1\n\n'));
    const reader = readerOf(await post(await startApp(app, proxyTo(renderer.origin))));
    await readUntil(reader, 'data: 1\n\n');
    vi.advanceTimersByTime(60_000);
    await expect(reader.read()).rejects.toThrow();
    await renderer.ended;
  });
});

// Fastify sends the head with the first piece.
describe.each(APPS.filter((app) => app !== 'fastify'))('the head of a stream through %s', (app) => {
  it('comes when the renderer begins, before its first piece', async () => {
    const renderer = await startFakeRenderer(stream());
    const { status, headers } = await post(await startApp(app, proxyTo(renderer.origin)));
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });
});

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { OutkitStreamError, readStream } from './stream.ts';

async function refused(body: string | ReadableStream | null, status: number, headers: Record<string, string> = {}) {
  const error = await readStream(new Response(body, { status, headers }))
    .next()
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof OutkitStreamError)) throw new Error('it was not refused');
  return error;
}

async function retryAfterMs(headers: Record<string, string>): Promise<number | null> {
  return (await refused('', 429, headers)).retryAfterMs;
}

describe('an answer that is not ok', () => {
  it('ends the reading with its status, code and detail', async () => {
    const body = JSON.stringify({ error: 'Unauthorized', detail: 'No API key was sent', code: 'key_missing' });
    expect(await refused(body, 401)).toMatchObject({
      code: 'key_missing',
      message: 'No API key was sent',
      status: 401,
      retryAfterMs: null,
    });
  });

  it.each([
    ['', null],
    ['a page', '<html>SECRET'],
    ['JSON of another kind', '["SECRET"]'],
    ['a code that is none', '{"code":"SECRET CODE"}'],
    ['a detail that is no text', '{"detail":{"SECRET":1}}'],
  ])('is stream_refused without a code that can be read: %s', async (_, body) => {
    expect(await refused(body, 502)).toMatchObject({
      code: 'stream_refused',
      message: 'The server answered 502',
      status: 502,
    });
  });

  it('is read to a bound, and given up when its body does not end or fails', async () => {
    let count = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        count += 1;
        controller.enqueue(new TextEncoder().encode(' '.repeat(1024)));
      },
    });
    const failing = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    expect((await refused(endless, 500)).code).toBe('stream_refused');
    expect(count).toBeLessThan(100);
    expect(endless.locked).toBe(false);
    expect((await refused(failing, 503)).status).toBe(503);
  });
});

describe('Retry-After', () => {
  const now = 'Wed, 25 Nov 2026 16:00:00 GMT';

  it.each([
    ['0', 0],
    ['7', 7000],
    ['9999999999', 2 ** 31 - 1],
  ])('of %s seconds is %d ms, and never more than setTimeout takes', async (value, expected) => {
    expect(await retryAfterMs({ 'retry-after': value })).toBe(expected);
  });

  it('may be a date, compared with that of the answer, so that the clock of the browser may be off', async () => {
    const inHalfAMinute = { 'retry-after': 'Wed, 25 Nov 2026 16:00:30 GMT', date: now };
    expect(await retryAfterMs(inHalfAMinute)).toBe(30_000);
    expect(await retryAfterMs({ 'retry-after': 'Wed, 25 Nov 2026 15:00:00 GMT', date: now })).toBe(0);
    expect(await retryAfterMs({ 'retry-after': 'Wed, 25 Nov 2099 15:00:00 GMT', date: now })).toBe(2 ** 31 - 1);
  });

  it('may be a date without another to compare it with', async () => {
    vi.useFakeTimers({ now: Date.parse(now), toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    expect(await retryAfterMs({ 'retry-after': 'Wed, 25 Nov 2026 16:01:00 GMT' })).toBe(60_000);
  });

  it.each(['', '-1', '1.5', '1e3', 'soon', '2026-11-25', 'Wed, 99 Foo 2026 99:99:99 GMT', '99999999999'])(
    'of %j says nothing',
    async (value) => {
      expect(await retryAfterMs({ 'retry-after': value, date: now })).toBeNull();
    },
  );
});

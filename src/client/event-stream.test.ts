import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  EventServer,
  endFrame,
  eventFrame,
  type Fate,
  type Frame,
  gapFrame,
  HEARTBEAT,
  STANDS,
} from '../../test/event-server.ts';
import { errorOf } from '../../test/expect-error.ts';
import { sampleEvent } from '../cli/events.fixture.ts';
import { OutkitError } from '../core/errors.ts';
import type { TailItem } from '../core/event-service.ts';
import { ALL_EVENTS } from '../core/render-event.ts';
import { controlApi } from './control-api.ts';
import type { EventStreamOptions } from './event-stream.ts';
import { follow } from './follow.ts';
import { httpEventService } from './http-event-service.ts';

const PROFILE = 'prof_2222222222222222';
const QUERY = { ...ALL_EVENTS, profileId: PROFILE, allProfiles: false };

async function started(): Promise<EventServer> {
  const server = await new EventServer().start();
  onTestFinished(() => server.stop());
  return server;
}

function serviceOf(url: string, more: Partial<EventStreamOptions> = {}) {
  const options = { url, token: 'okl_token', ...more };
  return httpEventService(controlApi(options), options);
}

/** Reads until the stream fails; resolves to the items that came first. */
async function readAll(url: string, more?: Partial<EventStreamOptions>) {
  const items: TailItem[] = [];
  const reading = async () => {
    for await (const item of serviceOf(url, more).tail({ ...QUERY, after: null }, new AbortController().signal)) {
      items.push(item);
    }
  };
  return { error: await errorOf(reading()), items };
}

/** A server that answers everything like this. */
async function answering(status: number, headers: Record<string, string>, body: string): Promise<string> {
  const server = createServer((_, response) => void response.writeHead(status, headers).end(body));
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const RECORDED: readonly Frame[] = [
  eventFrame(sampleEvent(3, { keyName: '鍵 👩🏽‍💻' })),
  HEARTBEAT,
  eventFrame(sampleEvent(4, { status: 401, verdict: 'revoked', blocks: null, count: 12 })),
  gapFrame(7, 11),
  eventFrame(sampleEvent(12)),
];

/** Follows the recorded stream over connections with these fates, and resolves to what was shown until the last event. */
async function shownOver(server: EventServer, fates: readonly Fate[]): Promise<readonly string[]> {
  const ending = new AbortController();
  const shown: string[] = [];
  server.fates = [...fates];
  const service = serviceOf(server.url);
  await follow(
    {
      open: (after, signal) => service.tail({ ...QUERY, after }, signal),
      show: (item) => {
        shown.push(JSON.stringify(item));
        if (item.kind === 'event' && item.event.seq === 12) ending.abort();
      },
      lost: () => {},
      regained: () => {},
    },
    { now: () => 0, wait: async () => {}, fillRandom: (bytes) => bytes },
    0,
    ending.signal,
  );
  return shown;
}

describe('a stream that is cut', () => {
  it('at any byte, in order or by a reset, gives the same items, each once', async () => {
    const server = await started();
    server.frames = [...RECORDED];
    const whole = await shownOver(server, [STANDS]);
    expect(whole).toHaveLength(4);
    const length = Buffer.byteLength(RECORDED.map(({ text }) => text).join(''));
    for (let bytes = 0; bytes < length; bytes++) {
      const how = bytes % 2 === 0 ? 'end' : 'reset';
      expect(await shownOver(server, [{ kind: 'cut', bytes, how }]), `cut at ${bytes}`).toEqual(whole);
    }
  });

  it('again and again gives them too', async () => {
    const server = await started();
    server.frames = [...RECORDED];
    const whole = await shownOver(server, [STANDS]);
    const cuts = [5, 560, 20, 300, 30, 0].map((bytes) => ({ kind: 'cut', bytes, how: 'reset' }) as const);
    expect(await shownOver(server, cuts)).toEqual(whole);
  });
});

describe('a stream', () => {
  it('is asked for with the filter, the place to go on from and the credential', async () => {
    const server = await started();
    const filter = { keyId: 'key_7hq3m2xk9tqw4bnz', status: { min: 400, max: 499 }, path: '/render/enhance' };
    const query = { ...filter, profileId: PROFILE, allProfiles: true, after: 41 };
    const ending = new AbortController();
    for await (const _ of serviceOf(server.url).tail(query, ending.signal)) ending.abort();
    const [request] = server.requests;
    expect(request?.path).toBe(
      `/v1/profiles/${PROFILE}/events/stream?keyId=key_7hq3m2xk9tqw4bnz&status=400-499&path=%2Frender%2Fenhance&profiles=all`,
    );
    expect(request?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer okl_token',
      'last-event-id': '41',
    });
  });

  it('gives a heartbeat as soon as the server answers, and one for each that it sends', async () => {
    const server = await started();
    server.frames = [HEARTBEAT, HEARTBEAT];
    server.fates = [{ kind: 'cut', bytes: 100, how: 'end' }];
    const { items, error } = await readAll(server.url);
    expect(items).toEqual([{ kind: 'heartbeat' }, { kind: 'heartbeat' }, { kind: 'heartbeat' }]);
    expect(error.code).toBe('unreachable');
  });

  it('ends with what the server says last, behind all that it sent before', async () => {
    const server = await started();
    server.frames = [eventFrame(sampleEvent(1)), endFrame(new OutkitError('not_found', 'Gone', 'elsewhere'))];
    const { items, error } = await readAll(server.url);
    expect(items.at(-1)).toEqual({ kind: 'event', event: sampleEvent(1) });
    expect(error).toMatchObject({ code: 'not_found', message: 'Gone', hint: 'elsewhere' });
  });

  it('that is silent is a cut one, also before its first byte', async () => {
    const server = await started();
    server.fates = [{ kind: 'silent' }];
    const { items, error } = await readAll(server.url, { silenceMs: 50 });
    expect([items, error.code]).toEqual([[{ kind: 'heartbeat' }], 'timeout']);
    const mute = createServer(() => {});
    onTestFinished(() => void mute.close());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const unanswered = await readAll(`http://127.0.0.1:${(mute.address() as AddressInfo).port}`, { timeoutMs: 50 });
    mute.closeAllConnections();
    expect([unanswered.items, unanswered.error.code]).toEqual([[], 'timeout']);
  });

  it('that nobody reads for a while is not taken for silent', async () => {
    const server = await started();
    server.frames = [eventFrame(sampleEvent(1))];
    const query = { ...QUERY, after: 0 };
    const seen: number[] = [];
    for await (const item of serviceOf(server.url, { silenceMs: 40 }).tail(query, new AbortController().signal)) {
      if (item.kind !== 'event') continue;
      seen.push(item.event.seq);
      if (item.event.seq === 2) break;
      server.publish(eventFrame(sampleEvent(2)));
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    expect(seen).toEqual([1, 2]);
  });

  it('ends without an error at the signal, and leaves no connection', async () => {
    const server = await started();
    const ending = new AbortController();
    for await (const _ of serviceOf(server.url).tail({ ...QUERY, after: null }, ending.signal)) {
      if (server.streams === 1) ending.abort();
    }
    await expect.poll(() => server.streams).toBe(0);
  });

  it.each([
    ['an event without its fields', 'data: {"seq":1}\n\n'],
    ['no JSON', 'data: hello\n\n'],
    ['a gap without a place', 'event: gap\ndata: {"missed":3}\n\n'],
    ['a gap of words', 'id: 3\nevent: gap\ndata: {"missed":"many"}\n\n'],
    ['an end without a reason', 'event: end\ndata: {}\n\n'],
    ['a line that does not end', `data: ${'x'.repeat(70_000)}`],
    ['a frame that does not end', `data: ${'x'.repeat(1000)}\n`.repeat(70)],
  ])('of %s is no stream of ours', async (_, body) => {
    const url = await answering(200, { 'content-type': 'text/event-stream' }, body);
    expect((await readAll(url)).error.code).toBe('bad_answer');
  });

  it('may have kinds of frames that are not known yet', async () => {
    const url = await answering(200, { 'content-type': 'text/event-stream' }, 'event: news\nretry: x\ndata: {}\n\n');
    const { items, error } = await readAll(url);
    expect([items, error.code]).toEqual([[{ kind: 'heartbeat' }], 'unreachable']);
  });

  it.each([
    ['a page', 200, { 'content-type': 'text/html' }, '<html>', 'bad_answer'],
    ['the page of a proxy whose server is away', 502, { 'content-type': 'text/html' }, '<html>', 'unavailable'],
    ['a page that is not there', 404, { 'content-type': 'text/html' }, '<html>', 'bad_answer'],
  ])('is not %s', async (_, status, headers, body, code) => {
    expect((await readAll(await answering(status, headers, body))).error.code).toBe(code);
  });

  it('never takes the credential to where a redirect leads', async () => {
    const elsewhere = await started();
    const url = await answering(307, { location: `${elsewhere.url}/events/stream?` }, '');
    expect((await readAll(url)).error.code).toBe('bad_answer');
    expect(elsewhere.requests).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { json, type RendererAnswer, startFakeRenderer, stream } from '../../test/http/fake-renderer.ts';
import { mintedKey } from '../../test/minted-key.ts';
import { seededRandom } from '../../test/seeded-random.ts';
import { renderErrorJson } from '../server/error-response.ts';
import { refusalError } from '../server/refusals.ts';
import { toHonoHandler } from './hono.ts';
import { toNextRoute } from './next.ts';
import { createOutkitProxy, type OutkitProxyOptions } from './proxy.ts';

const key = mintedKey(seededRandom(1)).plaintext;

const quiet = { warn() {}, error() {} };

/** A proxy to a fake renderer, and what it logs. */
async function setUp(options: Partial<OutkitProxyOptions> = {}, answer: RendererAnswer = json(200, {})) {
  const renderer = await startFakeRenderer(answer);
  const log: string[] = [];
  const proxy = createOutkitProxy({
    key,
    apiUrl: renderer.origin,
    authorize: () => true,
    log: { warn: (message) => void log.push(message), error: (message) => void log.push(message) },
    ...options,
  });
  return { renderer, log, proxy };
}

/** Time stands still, until all of it passes at once: for our own timers, not for those of Node. */
const passAll = () => void vi.advanceTimersByTime(60_000);
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** What never comes. */
function tooLate<T>(): Promise<T> {
  passAll();
  return new Promise(() => {});
}

function post(query = '?stream=false', init: RequestInit = {}): Request {
  const headers = { 'content-type': 'application/json' };
  return new Request(`http://app.example/${query}`, { method: 'POST', headers, body: '{"content":"a"}', ...init });
}

async function outcome(answer: Response): Promise<readonly [status: number, code: unknown]> {
  return [answer.status, ((await answer.json()) as { code?: unknown }).code];
}

describe('authorize', () => {
  it('is asked with the request and what the framework has, and lets through by true only', async () => {
    const asked: unknown[] = [];
    const { proxy, renderer } = await setUp({
      authorize: async ({ headers }, native) => {
        asked.push(headers.get('x-user'), native);
        return true;
      },
    });
    const headers = { 'content-type': 'application/json', 'x-user': '7' };
    expect((await proxy(post(undefined, { headers }), 'native')).status).toBe(200);
    expect(asked).toEqual(['7', 'native']);
    expect(renderer.requests).toHaveLength(1);
  });

  it('refuses by false, and answers by a Response as it is', async () => {
    const no = await setUp({ authorize: () => false });
    expect(await outcome(await no.proxy(post()))).toEqual([401, 'unauthorized']);
    const own = await setUp({
      authorize: async () => new Response('no', { status: 403, headers: { 'set-cookie': 'a=1' } }),
    });
    const answer = await own.proxy(post());
    expect([answer.status, await answer.text(), answer.headers.get('set-cookie')]).toEqual([403, 'no', 'a=1']);
    for (const { renderer, log } of [no, own]) expect([renderer.requests, log]).toEqual([[], []]);
  });

  it.each([undefined, null, 1, 'true', {}, { ok: true }])(
    'gives %j, which is no decision: refused',
    async (decision) => {
      const { proxy, renderer, log } = await setUp({ authorize: () => decision as never });
      expect(await outcome(await proxy(post()))).toEqual([500, 'authorize_failed']);
      expect([renderer.requests, log]).toEqual([[], [expect.stringContaining('authorize must give true, false or')]]);
    },
  );

  it.each([
    [
      'throws',
      () => {
        throw new TypeError(`canary ${key}`);
      },
      'threw TypeError',
    ],
    [
      'rejects',
      async () => {
        throw Object.assign(new Error(), { name: `canary ${key}` });
      },
      'threw an error',
    ],
    ['rejects with no error', () => Promise.reject(key), 'threw an error'],
    ['never decides', () => tooLate<boolean>(), 'did not decide in time'],
  ])('that %s refuses, and the log has nothing of what it said', async (_, authorize, why) => {
    const { proxy, renderer, log } = await setUp({ authorize });
    expect(await outcome(await proxy(post()))).toEqual([500, 'authorize_failed']);
    expect([renderer.requests, log]).toEqual([[], [`Outkit: authorize ${why}`]]);
  });

  it('that lets a client in who is gone reads no body of it', async () => {
    const client = new AbortController();
    const authorize = () => {
      client.abort();
      return true;
    };
    const { proxy, renderer } = await setUp({ authorize });
    const init = { signal: client.signal, body: new ReadableStream(), duplex: 'half' } as RequestInit;
    expect((await proxy(post('', init))).status).toBe(499);
    expect(renderer.requests).toEqual([]);
  });

  it('that waits for a client who is gone is not waited for', async () => {
    const client = new AbortController();
    const { proxy, log } = await setUp({ authorize: () => new Promise<boolean>(() => client.abort()) });
    expect((await proxy(post('', { signal: client.signal }))).status).toBe(499);
    expect(log).toEqual([]);
  });
});

describe('the key', () => {
  it('is asked for at each request, after the app has let it in', async () => {
    const other = mintedKey(seededRandom(2)).plaintext;
    const values = [key, Promise.resolve(other)];
    const { proxy, renderer } = await setUp({
      key: () => values.shift() as never,
      authorize: ({ headers }) => headers.get('x-user') === null,
    });
    const headers = { 'content-type': 'application/json', 'x-user': '7' };
    expect((await proxy(post(undefined, { headers }))).status).toBe(401);
    await proxy(post());
    await proxy(post());
    expect(renderer.requests.map((request) => request.headers['x-outkit-api-key'])).toEqual([key, other]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error(key);
      },
      'failed',
    ],
    ['never comes', () => tooLate<string>(), 'gave nothing in time'],
    ['is missing', () => undefined, 'is not set'],
    ['is none', () => `${key}\r\nx: y`, 'is not an Outkit key'],
    ['is an object', () => ({ toString: () => key }) as never, 'is not an Outkit key'],
  ])('that %s is not sent, and the log says so without it', async (_, wrong, why) => {
    const { proxy, renderer, log } = await setUp({ key: wrong });
    expect(await outcome(await proxy(post()))).toEqual([502, 'proxy_misconfigured']);
    expect([renderer.requests, log]).toEqual([[], [expect.stringContaining(why)]]);
    expect(log.join()).not.toContain(key.slice(8));
  });
});

describe('the address of the renderer', () => {
  it('comes from OUTKIT_API_URL at each request, and is safe or not used', async () => {
    const { renderer, log } = await setUp();
    const notes: string[] = [];
    const error = (message: string) => void notes.push(message);
    const proxy = createOutkitProxy({ key, authorize: () => true, log: { warn: error, error } });
    for (const url of [undefined, '', 'http://renderer.example', 'https://user:canary@renderer.example']) {
      vi.stubEnv('OUTKIT_API_URL', url);
      expect(await outcome(await proxy(post()))).toEqual([502, 'proxy_misconfigured']);
    }
    vi.stubEnv('OUTKIT_API_URL', renderer.origin);
    expect((await proxy(post())).status).toBe(200);
    vi.unstubAllEnvs();
    expect(notes.map((note) => /OUTKIT_API_URL is not (?:set|the origin of a server)\. It must be/.test(note))).toEqual(
      [true, true],
    );
    expect([log, notes.join().includes('canary')]).toEqual([[], false]);
  });
});

describe('the renderer', () => {
  it('that cannot be reached is a 502, with the cause in the log', async () => {
    const { proxy, log } = await setUp({ apiUrl: 'http://127.0.0.1:1' });
    expect(await outcome(await proxy(post()))).toEqual([502, 'renderer_unreachable']);
    expect(log).toEqual([
      expect.stringMatching(/^Outkit: no answer from http:\/\/127\.0\.0\.1:1.*is OUTKIT_API_URL right\?$/),
    ]);
  });

  it('that hangs up is a 502, and one that says nothing in time is a 504', async () => {
    const gone = await setUp({}, (response) => response.destroy());
    expect(await outcome(await gone.proxy(post()))).toEqual([502, 'renderer_unreachable']);
    const silent = await setUp({}, passAll);
    expect(await outcome(await silent.proxy(post()))).toEqual([504, 'renderer_timeout']);
    expect(silent.log).toEqual([`Outkit: ${silent.renderer.origin} did not answer in time`]);
    await silent.renderer.ended;
  });

  it.each([400, 413, 415, 422, 429, 500, 503])('says by %i what the client may know', async (status) => {
    const { proxy, log } = await setUp({}, json(status, { code: 'a' }));
    expect(await outcome(await proxy(post('?stream=true')))).toEqual([status, 'a']);
    expect(log).toEqual([]);
  });

  it.each([401, 403])('refuses the key by %i: a 502 that says nothing of keys', async (status) => {
    const { proxy } = await setUp({}, json(status, { code: 'key_unknown' }));
    expect(await outcome(await proxy(post()))).toEqual([502, 'renderer_refused_key']);
  });

  it.each([
    ['another status', json(404, {})],
    ['a redirect', (response) => void response.writeHead(302, { location: '/' }).end()],
    ['nothing', (response) => void response.writeHead(204).end()],
    ['a page', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<script>')],
    ['no type', (response) => void response.writeHead(200).end('{}')],
    ['a stream that nobody asked for', stream('data: 1\n\n')],
  ] as [string, RendererAnswer][])('that gives %s is none', async (_, answer) => {
    const { proxy, log, renderer } = await setUp({}, answer);
    expect(await outcome(await proxy(post()))).toEqual([502, 'renderer_unexpected']);
    expect(log).toEqual([expect.stringContaining('not as an Outkit server does. Is OUTKIT_API_URL right?')]);
    await renderer.ended;
  });

  it.each(['7', '0'])('may say how long to wait: %s', async (seconds) => {
    const { proxy } = await setUp({}, json(503, {}, { 'retry-after': seconds }));
    expect((await proxy(post())).headers.get('retry-after')).toBe(seconds);
  });

  it('may end a stream over the key: the browser learns the code of the proxy, and the log what to do', async () => {
    const frame = `event: error\ndata: ${JSON.stringify(renderErrorJson(refusalError('revoked')))}\n\n`;
    const { proxy, log } = await setUp({}, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: 1\n\n${frame}`);
    });
    const text = await (await proxy(post(''))).text();
    expect(text).toMatch(/^data: 1\n\nevent: error\ndata: \{.*"code":"renderer_refused_key"\}\n\n$/);
    expect(text).not.toMatch(/revoked/i);
    expect(log).toEqual([expect.stringContaining("'outkit keys list'")]);
  });

  it('warns of an old secret once for each end of it', async () => {
    const ends = ['Fri, 01 Jan 2027 00:00:00 GMT', 'Fri, 01 Jan 2027 00:00:00 GMT', 'Sat, 02 Jan 2027 00:00:00 GMT'];
    const { proxy, log } = await setUp({}, (response, request) =>
      json(200, {}, { deprecation: '@1764000000', sunset: ends.shift() ?? '' })(response, request),
    );
    for (let index = 0; index < 3; index++) expect((await proxy(post())).headers.has('sunset')).toBe(false);
    expect(log.map((line) => /ends at (\S+)\. /.exec(line)?.[1])).toEqual([
      '2027-01-01T00:00:00.000Z',
      '2027-01-02T00:00:00.000Z',
    ]);
  });
});

describe('a request', () => {
  it.each([
    ['GET', new Request('http://app.example/'), 405, 'method_not_allowed'],
    [
      'a form',
      post('', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      'unsupported_media_type',
    ],
    [
      'compressed',
      post('', { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }),
      415,
      'unsupported_media_type',
    ],
    ['another query', post('?stream=1'), 400, 'bad_query'],
    ['a key in its query', post(`?key=${key}`), 400, 'bad_query'],
  ])('that is %s is refused', async (_, request, status, code) => {
    const { proxy, renderer } = await setUp();
    const answer = await proxy(request);
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null);
    expect(await outcome(answer)).toEqual([status, code]);
    expect(renderer.requests).toEqual([]);
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"'])(
    'of type %s is taken',
    async (type) => {
      const { proxy } = await setUp();
      expect((await proxy(post(undefined, { headers: { 'content-type': type } }))).status).toBe(200);
    },
  );

  it('leaves no timer when it has been answered, however', async () => {
    const { proxy } = await setUp({ authorize: ({ headers }) => headers.get('x-user') === '7' || new Response('no') });
    const headers = { 'content-type': 'application/json', 'x-user': '7' };
    const unreachable = createOutkitProxy({ key, apiUrl: 'http://127.0.0.1:1', authorize: () => true, log: quiet });
    const answers = [
      proxy(post()),
      proxy(post(undefined, { headers })),
      proxy(post('?stream=1')),
      unreachable(post()),
      createOutkitProxy({ key: () => 'none', authorize: () => true, log: quiet })(post()),
    ];
    const statuses = await Promise.all(
      answers.map(async (answer) => [(await answer).status, (await (await answer).text()).length > 0]),
    );
    expect(statuses).toEqual([200, 200, 400, 502, 502].map((status) => [status, true]));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('whose body the app has read is told to the app', async () => {
    const { proxy, log } = await setUp();
    const request = post();
    await request.text();
    expect(await outcome(await proxy(request))).toEqual([502, 'proxy_misconfigured']);
    expect(log).toEqual([expect.stringContaining('let it read request.clone()')]);
  });

  it('that is none is answered, not thrown', async () => {
    const { proxy, log } = await setUp();
    expect(await outcome(await proxy({ method: 'POST' } as never))).toEqual([500, 'internal']);
    expect(log).toEqual(['Outkit: the proxy failed with TypeError']);
  });
});

describe('the handlers for frameworks', () => {
  it('give Hono and Next.js the answer of the proxy, and authorize what the framework has', async () => {
    const seen: unknown[] = [];
    const { proxy } = await setUp({
      authorize: (_request, native) => {
        seen.push(native);
        return true;
      },
    });
    const context = { req: { raw: post() } };
    expect((await toHonoHandler(proxy)(context)).status).toBe(200);
    const { POST, ...others } = toNextRoute(proxy);
    expect([(await POST(post())).status, others]).toEqual([200, {}]);
    expect(seen).toEqual([context, undefined]);
  });
});

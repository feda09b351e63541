import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { toNodeHandler } from '../../src/proxy/node.ts';
import { createOutkitProxy, type OutkitProxyOptions } from '../../src/proxy/proxy.ts';
import { mintedKey } from '../minted-key.ts';
import { seededRandom } from '../seeded-random.ts';
import { json, startFakeRenderer } from './fake-renderer.ts';
import { APPS, listen, READING_APPS, startApp } from './proxy-apps.ts';
import { exchange, RawConnection, type RawRequest, rawRequest } from './raw-http.ts';

const key = mintedKey(seededRandom(1)).plaintext;
const JSON_TYPE = ['content-type', 'application/json'] as const;
const POST = { method: 'POST', target: '/api/outkit', headers: [JSON_TYPE], body: '{"content":"a"}' };

async function setUp(app: (typeof APPS)[number], options: Partial<OutkitProxyOptions> = {}, answer = json(200, {})) {
  const renderer = await startFakeRenderer(answer);
  const log: string[] = [];
  const proxy = createOutkitProxy({
    key,
    apiUrl: renderer.origin,
    authorize: () => true,
    log: { warn: (message) => void log.push(message), error: (message) => void log.push(message) },
    ...options,
  });
  const url = await startApp(app, proxy);
  const send = (request: RawRequest) => exchange(url, rawRequest(request));
  return { renderer, log, url, send };
}

const whole = { ...POST, target: '/api/outkit?stream=false' };
const bodyCode = ({ body }: { readonly body: string }): unknown => JSON.parse(body).code;

describe.each(APPS)('a request through %s', (app) => {
  it('takes nothing along of what the client sent but its body', async () => {
    const { renderer, send } = await setUp(app);
    const headers = [
      JSON_TYPE,
      ['cookie', 'session=canary'],
      ['cookie', 'other=canary'],
      ['authorization', 'Bearer canary'],
      ['proxy-authorization', 'Basic canary'],
      ['x-outkit-api-key', 'okd_canary'],
      ['x-api-key', 'canary'],
      ['forwarded', 'for=canary'],
      ['x-forwarded-for', 'canary'],
      ['x-real-ip', 'canary'],
      ['connection', 'keep-alive, x-hop'],
      ['x-hop', 'canary'],
      ['te', 'trailers'],
      ['keep-alive', 'timeout=canary'],
      ['origin', 'https://canary.example'],
      ['referer', 'https://canary.example'],
      ['user-agent', 'canary'],
      ['accept', 'text/canary'],
      ['accept-encoding', 'canary'],
      ['x-request-id', 'canary'],
      ['x-http-method-override', 'canary'],
    ] as const;
    expect((await send({ ...whole, headers })).status).toBe(200);
    const [seen] = renderer.requests;
    expect(JSON.stringify(renderer.requests)).not.toContain('canary');
    expect(seen).toMatchObject({ method: 'POST', url: '/render/enhance?stream=false', body: POST.body });
    expect(seen?.headers).toMatchObject({ 'x-outkit-api-key': key, accept: 'application/json' });
    // What is there beside the three comes from fetch itself.
    const own = ['host', 'connection', 'content-length', 'accept-language', 'accept-encoding', 'sec-fetch-mode'];
    expect(Object.keys(seen?.headers ?? {}).sort()).toEqual(
      [...own, 'user-agent', 'accept', 'content-type', 'x-outkit-api-key'].sort(),
    );
  });

  it('gets nothing of what the renderer says in headers but type, wait and id', async () => {
    const { send } = await setUp(
      app,
      {},
      json(
        429,
        { code: 'rate_limited' },
        {
          'retry-after': '7',
          'x-request-id': 'req_1',
          deprecation: '@1',
          sunset: 'Fri, 01 Jan 2027 00:00:00 GMT',
          'www-authenticate': 'Bearer',
          ratelimit: '"key";r=1;t=1',
          'ratelimit-policy': '"key";q=1;w=60',
          'set-cookie': 'a=canary',
          'cache-control': 'public, max-age=31536000',
          'access-control-allow-origin': '*',
          'clear-site-data': '"*"',
          server: 'canary',
          'x-canary': '1',
        },
      ),
    );
    const { status, headers, body } = await send(POST);
    expect([status, JSON.parse(body)]).toEqual([429, { code: 'rate_limited' }]);
    const ofApp = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'x-powered-by'];
    expect(Object.fromEntries(headers.filter(([name]) => !ofApp.includes(name)))).toEqual({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'retry-after': '7',
      'x-request-id': 'req_1',
    });
  });

  it('is never redirected: the key goes to no other place', async () => {
    const elsewhere = await startFakeRenderer(json(200, {}));
    const { send } = await setUp(app, {}, (response) => response.writeHead(307, { location: elsewhere.origin }).end());
    const answer = await send(POST);
    expect([answer.status, bodyCode(answer)]).toEqual([502, 'renderer_unexpected']);
    expect(answer.headers.map(([name]) => name)).not.toContain('location');
    expect(elsewhere.requests).toEqual([]);
  });

  it('is told by a code of its own when the renderer refuses the key, and the log says it once without the key', async () => {
    const { send, log } = await setUp(app, {}, json(401, { code: 'key_revoked' }, { 'www-authenticate': 'Bearer' }));
    for (const answer of [await send(POST), await send(POST)]) {
      expect([answer.status, bodyCode(answer)]).toEqual([502, 'renderer_refused_key']);
      expect(answer.body).not.toMatch(/revoked/i);
      expect(answer.headers.map(([name]) => name)).not.toContain('www-authenticate');
    }
    expect(log).toEqual([expect.stringMatching(/^Outkit: http:\/\/127\.0\.0\.1:\d+ refuses .*'outkit keys list'/)]);
    expect(log.join()).not.toContain(key.slice(8));
  });

  it('over the limit of its body is refused, whether it says its length or not, and asks the renderer nothing', async () => {
    const { renderer, send, url } = await setUp(app, { maxBytes: 1000 });
    const fits = JSON.stringify({ content: 'a'.repeat(986) });
    expect((await send({ ...whole, body: fits })).status).toBe(200);
    const tooLong = JSON.stringify({ content: 'a'.repeat(987) });
    expect(tooLong).toHaveLength(1001);
    const chunked = rawRequest({ ...whole, headers: [JSON_TYPE, ['transfer-encoding', 'chunked']], body: '' });
    const pieces = [...tooLong].map((piece) => `1\r\n${piece}\r\n`).join('');
    const answers = [
      await send({ ...whole, body: tooLong }),
      await exchange(url, `${chunked.replace(/content-length: 0\r\n/, '')}${pieces}0\r\n\r\n`),
    ];
    for (const answer of answers) expect([answer.status, bodyCode(answer)]).toEqual([413, 'input_too_large']);
    expect(renderer.requests).toHaveLength(1);
  });

  it('with names of prototypes in it arrives as it was, and changes nothing here', async () => {
    const { renderer, send } = await setUp(app);
    const body = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"content":"a"}';
    expect((await send({ ...whole, body })).status).toBe(200);
    expect(renderer.requests[0]?.body).toBe(body);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe.each(READING_APPS)('what the proxy does not take, through %s,', (app) => {
  it.each([
    ['GET', { ...POST, method: 'GET' }, 405],
    ['PUT', { ...POST, method: 'PUT' }, 405],
    ['a form', { ...POST, headers: [['content-type', 'text/plain']] as const }, 415],
    ['another charset', { ...POST, headers: [['content-type', 'application/json; charset=utf-16']] as const }, 415],
    ['two types', { ...POST, headers: [JSON_TYPE, JSON_TYPE] }, 415],
    ['another query', { ...POST, target: '/api/outkit?stream=true&key=1' }, 400],
  ])('such as %s, is refused before anybody is asked', async (_, request, status) => {
    let asked = 0;
    const { renderer, send } = await setUp(app, {
      authorize: () => {
        asked += 1;
        return true;
      },
    });
    const answer = await send(request);
    // Fastify has no route for other methods.
    expect(answer.status).toBe(app === 'fastify' && status === 405 ? 404 : status);
    expect(asked).toBe(0);
    expect(renderer.requests).toEqual([]);
  });
});

describe.each(READING_APPS)('a body through %s', (app) => {
  it('is not read before the app has decided, and the connection serves the next request', async () => {
    const { renderer, url } = await setUp(app, { authorize: ({ headers }) => headers.get('cookie') === 'in=1' });
    const connection = await RawConnection.open(url);
    connection.send(rawRequest({ ...whole, body: `{"content":"${'a'.repeat(100_000)}"}` }));
    const refused = await connection.answer();
    expect([refused.status, bodyCode(refused)]).toEqual([401, 'unauthorized']);
    connection.send(rawRequest({ ...whole, headers: [JSON_TYPE, ['cookie', 'in=1']] }));
    expect((await connection.answer()).status).toBe(200);
    expect(renderer.requests).toHaveLength(1);
    connection.close();
  });

  it('that says that it will be too long is not waited for', async () => {
    const { renderer, url } = await setUp(app);
    const connection = await RawConnection.open(url);
    connection.send(rawRequest({ ...whole, body: '' }).replace('content-length: 0', 'content-length: 1048577'));
    const answer = await connection.answer();
    expect([answer.status, bodyCode(answer)]).toEqual([413, 'input_too_large']);
    expect(renderer.requests).toEqual([]);
    connection.close();
  });

  it.each([
    ['one that nobody reads', 'content-length: 9000000000', () => false],
    ['one of which some was read', 'transfer-encoding: chunked', () => true],
  ])('that goes on and on after its answer is cut off: %s', async (_, length, authorize) => {
    const { url } = await setUp(app, { authorize });
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) }).on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(rawRequest({ ...whole, body: '' }).replace('content-length: 0', length));
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const send = () => {
      while (socket.writable && socket.write(piece));
    };
    socket.on('drain', send).resume();
    send();
    await closed;
    expect(socket.bytesWritten).toBeLessThan(1e9);
  });

  it('that does not come is refused when the time is over', async () => {
    const { renderer, url } = await setUp(app, { timeoutMs: 100 });
    const connection = await RawConnection.open(url);
    connection.send(rawRequest(whole).slice(0, -3));
    const answer = await connection.answer();
    expect([answer.status, bodyCode(answer)]).toEqual([408, 'request_timeout']);
    expect(renderer.requests).toEqual([]);
    connection.close();
  });

  it('that breaks off ends its request, and nothing else', async () => {
    const { promise: decided, resolve: decide } = Promise.withResolvers<boolean>();
    const { promise: gone, resolve: leave } = Promise.withResolvers<void>();
    const { renderer, url, send } = await setUp(app, {
      authorize: ({ signal, headers }) => {
        if (headers.get('cookie') !== 'leaves=1') return true;
        signal.addEventListener('abort', () => leave());
        decide(true);
        return true;
      },
    });
    const connection = await RawConnection.open(url);
    connection.send(rawRequest({ ...whole, headers: [JSON_TYPE, ['cookie', 'leaves=1']] }).slice(0, -3));
    await decided;
    connection.close();
    await gone;
    await nextTurn();
    expect((await send(whole)).status).toBe(200);
    expect(renderer.requests).toHaveLength(1);
  });
});

it('a header that only a lenient parser lets through ends the connection, and nothing else', async () => {
  const renderer = await startFakeRenderer(json(200, {}));
  const proxy = createOutkitProxy({ key, apiUrl: renderer.origin, authorize: () => true });
  const server = createServer({ insecureHTTPParser: true }, toNodeHandler(proxy));
  const url = await listen(server);
  const connection = await RawConnection.open(url);
  connection.send(rawRequest({ ...POST, headers: [JSON_TYPE, ['x-a', 'a\0b']] }));
  expect(await connection.rest()).toBe('');
  expect((await exchange(url, rawRequest(whole))).status).toBe(200);
});

describe('the target of a request through node', () => {
  it.each([
    ['//evil.example/api/outkit', 200],
    ['http://evil.example/api/outkit', 200],
    ['/../../admin?stream=false', 200],
    ['/\\..\\admin', 200],
    ['/%2e%2e/%0d%0aevil:%201', 200],
    ['/%00', 200],
    ['/?stream=true#', 400],
    ['/?stream=true%0d%0ax: y', 400],
    ['/?stream=true?', 400],
    ['/?stream=%74rue', 400],
    ['/?__proto__=1', 400],
    ['/?stream=true&stream=false', 400],
    ['/?STREAM=true', 400],
  ])('%j reaches one route of the renderer or none', async (target, status) => {
    const { renderer, send, log } = await setUp('node', {}, (response, { url }) =>
      url.endsWith('true')
        ? response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: [DONE]\n\n')
        : json(200, {})(response, {} as never),
    );
    const answer = await send({ ...POST, target });
    expect([answer.status, renderer.requests.length]).toEqual([status, status === 200 ? 1 : 0]);
    for (const { url, headers } of renderer.requests) {
      expect(url).toMatch(/^\/render\/enhance\?stream=(?:true|false)$/);
      expect(headers.host).toBe(new URL(renderer.origin).host);
    }
    expect(log).toEqual([]);
  });
});

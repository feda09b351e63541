import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mintSecret } from '../../src/core/secret.ts';
import { createHttpApp } from '../../src/server/http-app.ts';
import { guardRenderer } from '../../src/server/render-gate.ts';
import { watchRequests } from '../../src/server/request-log.ts';
import { openServerLog } from '../../src/server/server-log.ts';
import { NOON } from '../key-builder.ts';
import { localAuthenticate } from '../local-authenticate.ts';
import { seededRandom } from '../seeded-random.ts';
import { exchange, RawConnection, type RawRequest, rawRequest } from './raw-http.ts';

const KEY = mintSecret('production', seededRandom(3));
const CREDENTIAL = `okt_${'Bv7-_'.repeat(9).slice(0, 43)}`;
const PASSWORD = 'cAnAry-pass-0815';

const lines: string[] = [];
let app: FastifyInstance;
let url: string;

beforeEach(async () => {
  lines.length = 0;
  const clock = { now: () => NOON };
  const log = openServerLog({ level: 'info', clock, write: (line) => lines.push(line) });
  app = createHttpApp({
    ownNames: [],
    trustedProxies: ['127.0.0.1'],
    fillRandom: seededRandom(9),
    onInternalError: (error, requestId) => log.problem(`request ${requestId} failed`, error),
  });
  watchRequests(app, (line) => log.request(line));
  app.post('/v1/sign-in', async (request) => {
    request.personId = 'person_2222222222222222';
    return {};
  });
  app.get('/readyz', async () => ({}));
  app.post('/v1/broken', async () => {
    throw Object.assign(new Error('no such table'), { body: PASSWORD, stackOf: CREDENTIAL });
  });
  app.register(async (renderer) => {
    const authenticate = localAuthenticate({ find: () => null }, clock);
    guardRenderer(renderer, {
      authenticate,
      clock,
      recorder: { record: () => null, finished: () => {} },
      limitScope: 'shared',
    });
    renderer.get('/components', async () => ({}));
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => app.close());

const objects = () => lines.map((line) => JSON.parse(line));
const send = (request: RawRequest) => exchange(url, rawRequest(request));

describe('the log of requests', () => {
  it('says who asked what, from where, and how it ended', async () => {
    const headers = [['x-forwarded-for', '203.0.113.7']] as const;
    const { headers: answered } = await send({ method: 'POST', target: '/v1/sign-in?next=x', headers });
    await send({ headers: [...headers, ['x-outkit-api-key', KEY]] });
    await send({ target: '/nowhere' });
    const base = { level: 'info', msg: 'request', durationMs: expect.any(Number), address: '203.0.113.7' };
    const requestId = answered.find(([name]) => name === 'x-request-id')?.[1];
    expect(objects()).toMatchObject([
      { ...base, requestId, path: '/v1/sign-in', status: 200, personId: 'person_2222222222222222', verdict: null },
      { ...base, path: '/components', status: 401, personId: null, verdict: 'unknown' },
      { ...base, path: '/nowhere', status: 404, address: '127.0.0.1', verdict: null },
    ]);
  });

  it('leaves out probes that went well, and has those that did not', async () => {
    await send({ target: '/readyz' });
    expect(lines).toEqual([]);
    await send({ target: '/readyz', host: 'evil.example.com' });
    expect(objects()).toMatchObject([{ path: '/readyz', status: 421 }]);
  });

  it('has nothing of a key, a session, a cookie, a body or a query, wherever somebody put it', async () => {
    const secrets = [KEY, CREDENTIAL, PASSWORD];
    const json = ['content-type', 'application/json'] as const;
    for (const secret of secrets) {
      const body = JSON.stringify({ email: `${secret}@example.com`, password: secret });
      for (const target of [
        '/v1/sign-in',
        '/v1/broken',
        '/render/enhance',
        `/v1/sign-in?token=${secret}`,
        '/components',
      ]) {
        await send({ method: 'POST', target, headers: [json], body });
        await send({ method: 'POST', target, headers: [json], body: `{"password":"${secret}"` });
        for (const name of ['authorization', 'cookie', 'x-outkit-api-key', 'user-agent', 'x-forwarded-for', 'host']) {
          await send({ target, headers: [[name, secret]] });
          await send({ target, headers: [[name, `Bearer ${secret}`]] });
        }
        await send({ target, host: `${secret}.example.com` });
      }
    }
    for (const secret of [KEY, CREDENTIAL]) await send({ target: `/render/${secret}` });
    const garbage = await RawConnection.open(url);
    garbage.send(`GET /x HTTP/1.1\r\nhost: localhost\r\ncookie: ${PASSWORD}\r\nbad header ${PASSWORD}\r\n\r\n`);
    await garbage.closed();
    const text = lines.join('');
    expect(objects().length).toBeGreaterThan(150);
    expect(objects().filter(({ level }) => level === 'error')).toHaveLength(3);
    for (const secret of secrets) expect(text).not.toContain(secret.slice(8));
  });
});

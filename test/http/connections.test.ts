import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpApp } from '../../src/server/http-app.ts';
import { TestServer } from '../local-server.ts';
import { seededRandom } from '../seeded-random.ts';
import { headerOf, RawConnection, rawRequest } from './raw-http.ts';
import { type Header, JSON_TYPE, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

describe('slow senders and readers', () => {
  it('have 10 s for headers, 30 s for a request and for silence, 5 s between requests, looked after every second', async () => {
    const app = createHttpApp({
      ownNames: [],
      trustedProxies: [],
      fillRandom: seededRandom(1),
      onInternalError: () => {},
    });
    const { headersTimeout, requestTimeout, timeout, keepAliveTimeout, maxHeadersCount } = app.server;
    expect([headersTimeout, requestTimeout, timeout, keepAliveTimeout]).toEqual([10_000, 30_000, 30_000, 5_000]);
    expect(maxHeadersCount).toBe(101);
    expect(app.initialConfig).toMatchObject({ bodyLimit: 65_536 });
    const options = app.server as unknown as { connectionsCheckingInterval: number; insecureHTTPParser: boolean };
    expect([options.connectionsCheckingInterval, options.insecureHTTPParser]).toEqual([1_000, false]);
    await app.close();
  });

  it('do not keep others from being answered', async () => {
    const { plaintext } = await http.createKey();
    const slow = await Promise.all(Array.from({ length: 200 }, () => RawConnection.open(http.server.url)));
    for (const connection of slow) connection.send('POST /render/enhance HTTP/1.1\r\nhost: localhost\r\nx-');
    expect((await http.send({ headers: [keyHeader(plaintext)] })).status).toBe(200);
    for (const connection of slow) connection.close();
  });

  it('are answered like others when they send a byte at a time', async () => {
    const { plaintext } = await http.createKey();
    const connection = await RawConnection.open(http.server.url);
    const request = rawRequest({
      method: 'POST',
      target: '/render/enhance?stream=false',
      headers: [keyHeader(plaintext), JSON_TYPE],
      body: '{"content":"caf\xc3\xa9"}',
    });
    for (const byte of request) {
      connection.send(byte);
      await new Promise(setImmediate);
    }
    expect((await connection.answer()).body).toContain('caf\xc3\xa9');
    connection.close();
  });
});

describe('pipelining', () => {
  it('answers in the order of the requests, each for itself', async () => {
    const keys = [await http.createKey(), await http.createKey()];
    const requests = [
      rawRequest({ headers: [keyHeader(keys[0]?.plaintext ?? '')] }),
      rawRequest({}),
      rawRequest({
        method: 'POST',
        target: '/render/enhance',
        headers: [keyHeader(http.mint()), JSON_TYPE],
        body: '{}',
      }),
      rawRequest({ headers: [keyHeader(keys[1]?.plaintext ?? '')] }),
      rawRequest({ target: '/healthz' }),
    ];
    const connection = await RawConnection.open(http.server.url);
    connection.send(requests.join(''));
    const statuses: number[] = [];
    const ids = new Set<string | null>();
    for (const _ of requests) {
      const answer = await connection.answer();
      statuses.push(answer.status);
      ids.add(headerOf(answer, 'x-request-id'));
    }
    expect(statuses).toEqual([200, 401, 401, 200, 200]);
    expect(ids.size).toBe(requests.length);
    connection.close();
  });
});

describe('close', () => {
  let server: TestServer | undefined;
  let isStopped = false;
  afterEach(async () => {
    if (!isStopped) await server?.stop();
  });

  async function started() {
    isStopped = false;
    server = await TestServer.start();
    const { key } = await server.keys.create({
      profileId: server.profileId,
      name: 'k',
      environment: 'development',
      rateLimitPerMinute: null,
      expiresAt: null,
      secret: null,
    });
    return { server, plaintext: key ?? '' };
  }

  async function stop(running: TestServer): Promise<void> {
    isStopped = true;
    await running.stop();
  }

  it('finishes a request that is under way, takes no new one, and leaves idle connections', async () => {
    const { server, plaintext } = await started();
    const body = '{"content":"under way"}';
    const [idle, busy] = [await RawConnection.open(server.url), await RawConnection.open(server.url)];
    idle.send(rawRequest({ target: '/healthz' }));
    await idle.answer();
    const length: Header = ['content-length', String(body.length)];
    const headers = [keyHeader(plaintext), JSON_TYPE, length, ['expect', '100-continue']] as const;
    busy.send(rawRequest({ method: 'POST', target: '/render/enhance?stream=false', headers }));
    expect((await busy.answer()).status).toBe(100);
    const { url } = server;
    const stopped = stop(server);
    await idle.closed();
    await expect(RawConnection.open(url)).rejects.toThrow('ECONNREFUSED');
    busy.send(body);
    const answer = await busy.answer();
    expect([answer.status, headerOf(answer, 'connection')]).toEqual([200, 'close']);
    expect(answer.body).toContain('under way');
    await busy.closed();
    await stopped;
    expect(server.problems).toEqual([]);
  });

  it('is not held by a client that keeps its half of a refused connection open', async () => {
    const { server } = await started();
    const { hostname, port } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.on('error', () => {}).write(rawRequest({ method: 'CONNECT', target: 'x:1' }));
    await new Promise((resolve) => socket.once('data', resolve));
    await stop(server);
    socket.destroy();
  });
});

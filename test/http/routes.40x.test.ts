import { describe, expect, it } from 'vitest';
import { exchange, headerOf, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, type Header, JSON_TYPE, keyHeader, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

describe('tricks with the path: 400 or 404, never a route', () => {
  it.each([
    '/v1/../components',
    '/v1/%2e%2e/components',
    '/render/enhance/../../components',
    '/./components',
    '/components/',
    '/components/.',
    '//components',
    '/components//',
    '/components;x=1',
    '/components%00',
    '/components%20',
    '/components.json',
    '/%63omponents',
    '/components%2f',
    '/components#x',
    '/Components',
    '/COMPONENTS',
    '/components\xa0',
    '*',
    '/*',
    '/constructor',
    '/__proto__',
  ])('%s', async (target) => {
    const { plaintext } = await http.createKey();
    const answer = await http.send({ target, headers: [keyHeader(plaintext)] });
    expect([400, 404]).toContain(answer.status);
    expect(['bad_request', 'not_found']).toContain(codeOf(answer));
    expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
  });

  it.each([
    '/v1//profiles',
    '/v1/profiles/',
    '/v1/%70rofiles',
    '/V1/profiles',
    '/v1/profiles/..',
    '/v1/profiles%2fx',
    '/v1;/profiles',
  ])('%s with the token', async (target) => {
    expect([400, 404]).toContain((await http.control(target)).status);
  });

  it('a path that cannot be decoded is not repeated: a key in it would be', async () => {
    const { plaintext } = await http.createKey();
    for (const target of [
      `/%zz${plaintext}`,
      `/v1/%c0%af/${plaintext}`,
      `/%?${plaintext}`,
      `/components/${plaintext}`,
    ]) {
      const answer = await http.send({ target });
      expect([400, 404]).toContain(answer.status);
      expect(answer.body).not.toContain(plaintext.slice(0, 8));
      expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
    }
  });

  it('an unknown route is 404 before its body is read', async () => {
    const headers: Header[] = [JSON_TYPE, ['expect', '100-continue'], ['content-length', '9999']];
    const answer = await exchange(http.server.url, rawRequest({ method: 'POST', target: '/render', headers }));
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
  });
});

describe('405 names what the route takes', () => {
  it.each([
    ['GET', '/render/enhance', 'POST'],
    ['HEAD', '/render/enhance', 'POST'],
    ['PUT', '/render/enhance', 'POST'],
    ['OPTIONS', '/render/enhance', 'POST'],
    ['QUERY', '/render/enhance', 'POST'],
    ['POST', '/components', 'GET, HEAD'],
    ['TRACE', '/components', 'GET, HEAD'],
    ['DELETE', '/components', 'GET, HEAD'],
    ['PROPFIND', '/components', 'GET, HEAD'],
    ['PATCH', '/v1/profiles', 'GET, HEAD, POST'],
    ['DELETE', '/v1/keys/key_2222222222222222', 'GET, HEAD'],
    ['GET', '/v1/keys/key_2222222222222222/revoke', 'POST'],
  ])('%s %s', async (method, target, allow) => {
    const { plaintext } = await http.createKey();
    const connection = await RawConnection.open(http.server.url);
    const credential = target.startsWith('/v1/') ? TOKEN : keyHeader(plaintext);
    connection.send(rawRequest({ method, target, headers: [credential, ['x-secret', 'not to be echoed']] }));
    const answer = await connection.answer(method === 'HEAD');
    expect([answer.status, headerOf(answer, 'allow')]).toEqual([405, allow]);
    expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
    expect(answer.body).not.toContain('echoed');
    connection.close();
  });

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])('%s changes nothing', async (name) => {
    const { id } = await http.createKey();
    const answer = await http.send({ target: `/v1/keys/${id}/revoke`, headers: [TOKEN, [name, 'POST']] });
    expect(answer.status).toBe(405);
    expect((await http.server.keys.find(id)).status).toBe('active');
  });
});

describe('a connection that would become another', () => {
  it('is no tunnel: CONNECT is 405 and the end of it', async () => {
    for (const target of ['evil.example:443', 'localhost:80', '127.0.0.1:22']) {
      const connection = await RawConnection.open(http.server.url);
      connection.send(rawRequest({ method: 'CONNECT', target }));
      const answer = await connection.answer();
      expect([answer.status, codeOf(answer)]).toEqual([405, 'method_not_allowed']);
      expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
      expect(headerOf(answer, 'allow')).not.toBeNull();
      expect(await connection.rest()).toBe('');
    }
  });

  it('does not end the server when it is reset before CONNECT is answered', async () => {
    for (let attempt = 0; attempt < 50; attempt++) {
      const connection = await RawConnection.open(http.server.url);
      connection.send(rawRequest({ method: 'CONNECT', target: 'x:1' }));
      if (attempt % 2 === 0) await new Promise(setImmediate);
      connection.reset();
    }
    // An error that nobody listened to would fail this file.
    expect((await http.send({ target: '/healthz' })).status).toBe(200);
  });

  it.each(['websocket', 'h2c', 'TLS/1.0, HTTP/1.1'])(
    'is not upgraded to %s: the request is answered as it stands',
    async (protocol) => {
      const { plaintext } = await http.createKey();
      const connection = await RawConnection.open(http.server.url);
      const upgrade: Header[] = [
        ['connection', 'upgrade'],
        ['upgrade', protocol],
        ['http2-settings', 'AAMAAABkAAQAAP__'],
      ];
      connection.send(rawRequest({ headers: upgrade }));
      expect((await connection.answer()).status).toBe(401);
      connection.send(rawRequest({ headers: [keyHeader(plaintext), ...upgrade] }));
      const answer = await connection.answer();
      expect([answer.status, headerOf(answer, 'upgrade')]).toEqual([200, null]);
      connection.send(rawRequest({ target: '/healthz' }));
      expect((await connection.answer()).status).toBe(200);
      connection.close();
    },
  );
});

describe('x-request-id', () => {
  it('is ours, another one for each request, whatever was sent', async () => {
    const headers: Header[] = [
      ['x-request-id', 'req_forged"}\\n'],
      ['request-id', 'req_forged'],
    ];
    const answers = await Promise.all(Array.from({ length: 20 }, () => http.send({ target: '/healthz', headers })));
    const ids = new Set(answers.map((answer) => headerOf(answer, 'x-request-id')));
    expect(ids.size).toBe(20);
    for (const id of ids) expect(id).toMatch(/^req_[2-9a-z]{16}$/);
  });
});

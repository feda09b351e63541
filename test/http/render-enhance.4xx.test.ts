import { describe, expect, it } from 'vitest';
import { exchange, headerOf, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, type Header, JSON_TYPE, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();
const MAX_CONTENT_BYTES = 512 * 1024;

describe('422: JSON that does not fit the closed schema', () => {
  it.each<[string, object]>([
    ['no content', {}],
    ['content null', { content: null }],
    ['content as a number', { content: 1 }],
    ['content as a list', { content: ['x'] }],
    ['an unknown field', { content: 'x', profile: 'prof_2222222222222222' }],
    ['the key as a field', { content: 'x', apiKey: 'okd_Abcd' }],
    ['toString', { content: 'x', toString: 'x' }],
    ['an unknown preference', { content: 'x', preferences: { plan: 'pro' } }],
    ['preferences as a list', { content: 'x', preferences: ['compact'] }],
    ['an unknown density', { content: 'x', preferences: { density: 'dense' } }],
    ['no component', { content: 'x', preferences: { preferredTypes: ['iframe'] } }],
    ['a component twice', { content: 'x', preferences: { preferredTypes: ['table', 'table'] } }],
    ['maxComponents 0', { content: 'x', preferences: { maxComponents: 0 } }],
    ['maxComponents 1.5', { content: 'x', preferences: { maxComponents: 1.5 } }],
    ['maxComponents "8"', { content: 'x', preferences: { maxComponents: '8' } }],
    ['maxComponents null', { content: 'x', preferences: { maxComponents: null } }],
    ['context as an object', { content: 'x', context: {} }],
  ])('%s', async (_, body) => {
    const { plaintext } = await http.createKey();
    const answer = await http.enhance([keyHeader(plaintext)], body);
    expect([answer.status, codeOf(answer)]).toEqual([422, 'validation_failed']);
    expect(JSON.parse(answer.body).error).toBe('ValidationError');
    expect(answer.body).not.toMatch(/okd_|prof_2|dense"|iframe/);
  });

  it('a number too great for a double', async () => {
    const { plaintext } = await http.createKey();
    const answer = await http.enhance([keyHeader(plaintext)], '{"content":"x","preferences":{"maxComponents":1e400}}');
    expect(answer.status).toBe(422);
  });
});

describe('413: content and body have an end', () => {
  const paragraph = (bytes: number) => 'a '.repeat(bytes / 2) + (bytes % 2 === 1 ? 'a' : '');

  it.each<[string, string, number]>([
    ['512 KB of ASCII', paragraph(MAX_CONTENT_BYTES), 200],
    ['one byte more', paragraph(MAX_CONTENT_BYTES + 1), 413],
    ['512 KB of two-byte characters', 'é'.repeat(MAX_CONTENT_BYTES / 2), 200],
    ['one two-byte character more', 'é'.repeat(MAX_CONTENT_BYTES / 2 + 1), 413],
  ])('%s: %3$i', async (_, content, status) => {
    const { plaintext } = await http.createKey();
    const answer = await http.enhance([keyHeader(plaintext)], { content }, '?stream=false');
    expect(answer.status).toBe(status);
    if (status === 413) {
      expect(JSON.parse(answer.body)).toMatchObject({ error: 'InputTooLargeError', code: 'input_too_large' });
    }
  });

  it('takes 512 KB when JSON writes every byte as six', async () => {
    const { plaintext } = await http.createKey();
    const body = `{"content":"${'\\u0061'.repeat(MAX_CONTENT_BYTES)}"}`;
    expect((await http.enhance([keyHeader(plaintext)], body, '?stream=false')).status).toBe(200);
  });

  it('refuses a body over the raw limit by its length alone, and closes the connection', async () => {
    const { plaintext } = await http.createKey();
    const connection = await RawConnection.open(http.server.url);
    const headers: Header[] = [keyHeader(plaintext), JSON_TYPE, ['content-length', '10000000000']];
    connection.send(rawRequest({ method: 'POST', target: '/render/enhance', headers }));
    const answer = await connection.answer();
    expect([answer.status, headerOf(answer, 'connection')]).toEqual([413, 'close']);
    await connection.closed();
  });

  it('does not say 100 to a body that cannot fit', async () => {
    const { plaintext } = await http.createKey();
    const headers: Header[] = [
      keyHeader(plaintext),
      JSON_TYPE,
      ['content-length', '10000000'],
      ['expect', '100-continue'],
    ];
    const request = rawRequest({ method: 'POST', target: '/render/enhance', headers });
    expect((await exchange(http.server.url, request)).status).toBe(413);
  });

  it('stops reading chunks without end at the limit, and closes the connection', async () => {
    const { plaintext } = await http.createKey();
    const connection = await RawConnection.open(http.server.url);
    const headers: Header[] = [keyHeader(plaintext), JSON_TYPE, ['transfer-encoding', 'chunked']];
    connection.send(rawRequest({ method: 'POST', target: '/render/enhance', headers }));
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    for (let sent = 0; sent < 5; sent++) connection.send(chunk);
    expect((await connection.answer()).status).toBe(413);
    await connection.closed();
  });
});

describe('415: bodies are uncompressed JSON in UTF-8', () => {
  it.each<[string, Header[]]>([
    ['no content type', []],
    ['text/plain', [['content-type', 'text/plain']]],
    ['a form', [['content-type', 'application/x-www-form-urlencoded']]],
    ['multipart', [['content-type', 'multipart/form-data; boundary=x']]],
    ['JSON by another name', [['content-type', 'application/vnd.api+json']]],
    ['no media type', [['content-type', 'json']]],
    ['UTF-16', [['content-type', 'application/json; charset=utf-16']]],
    ['gzip', [JSON_TYPE, ['content-encoding', 'gzip']]],
    ['br, br', [JSON_TYPE, ['content-encoding', 'br, br']]],
    ['an unknown encoding', [JSON_TYPE, ['content-encoding', 'x']]],
  ])('%s', async (_, headers) => {
    const { plaintext } = await http.createKey();
    const request = { method: 'POST', target: '/render/enhance', body: '{"content":"x"}' };
    const answer = await http.send({ ...request, headers: [keyHeader(plaintext), ...headers] });
    expect([answer.status, codeOf(answer)]).toEqual([415, 'unsupported_media_type']);
    const withoutKey = await http.send({ ...request, headers });
    expect(withoutKey.status).toBe(401);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'takes %s',
    async (type) => {
      const { plaintext } = await http.createKey();
      const headers: Header[] = [keyHeader(plaintext), ['content-type', type], ['content-encoding', 'identity']];
      const answer = await http.send({ method: 'POST', target: '/render/enhance', headers, body: '{"content":"x"}' });
      expect(answer.status).toBe(200);
    },
  );
});

describe('Expect', () => {
  it('says 100 once the key was judged, then reads the body', async () => {
    const { plaintext } = await http.createKey();
    const body = '{"content":"x"}';
    const connection = await RawConnection.open(http.server.url);
    const length: Header = ['content-length', String(body.length)];
    const headers = [keyHeader(plaintext), JSON_TYPE, length, ['expect', '100-continue']] as const;
    connection.send(rawRequest({ method: 'POST', target: '/render/enhance', headers }));
    expect((await connection.answer()).status).toBe(100);
    connection.send(body);
    expect((await connection.answer()).status).toBe(200);
    connection.close();
  });

  it('refuses any other expectation with 417, and closes the connection', async () => {
    const { plaintext } = await http.createKey();
    const answer = await http.enhance([keyHeader(plaintext), ['expect', 'nope']], { content: 'x' });
    expect([answer.status, codeOf(answer)]).toEqual([417, 'expectation_failed']);
    expect(headerOf(answer, 'connection')).toBe('close');
    expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
  });
});

describe('a refused request does not hold the server', () => {
  it('answers and hangs up while a gigabyte is announced, whatever was wrong', async () => {
    const { plaintext } = await http.createKey();
    for (const headers of [[], [keyHeader(http.mint())], [keyHeader(plaintext), ['content-encoding', 'br'] as const]]) {
      const connection = await RawConnection.open(http.server.url);
      const large: Header[] = [JSON_TYPE, ['content-length', '1000000000'], ...headers];
      connection.send(rawRequest({ method: 'POST', target: '/render/enhance', headers: large }));
      connection.send('{"content":"');
      expect([401, 415]).toContain((await connection.answer()).status);
      await connection.closed();
    }
  });

  it('keeps what follows an unread body apart from it', async () => {
    const connection = await RawConnection.open(http.server.url);
    const { plaintext } = await http.createKey();
    const smuggled = rawRequest({ headers: [keyHeader(plaintext)] });
    connection.send(rawRequest({ method: 'POST', target: '/render/enhance', headers: [JSON_TYPE], body: smuggled }));
    connection.send(rawRequest({ target: '/healthz' }));
    expect((await connection.answer()).status).toBe(401);
    expect((await connection.answer()).body).toContain('"status":"ok"');
    connection.close();
  });
});

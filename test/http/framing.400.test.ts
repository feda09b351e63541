import { describe, expect, it } from 'vitest';
import { exchange, headerOf, type RawAnswer, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, type Header, keyHeader, ServerForTests, TOKEN } from './server-for-tests.ts';

const http = new ServerForTests();

/** What the parser refuses never gets a request, but an answer in our words, an id, and the end of its connection. */
async function expectParserRefusal(latin1: string, status = 400, code = 'bad_request'): Promise<RawAnswer> {
  const connection = await RawConnection.open(http.server.url);
  connection.send(latin1);
  const answer = await connection.answer();
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
  expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
  expect(headerOf(answer, 'cache-control')).toBe('no-store');
  expect(headerOf(answer, 'connection')).toBe('close');
  expect(await connection.rest()).toBe('');
  return answer;
}

async function post(headerLines: string, body = '{"content":"x"}'): Promise<string> {
  const { plaintext } = await http.createKey();
  const head = `POST /render/enhance HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nx-outkit-api-key: ${plaintext}`;
  return `${head}\r\n${headerLines}\r\n\r\n${body}`;
}

describe('a length that can be read in two ways', () => {
  it.each([
    'content-length: 15\r\ntransfer-encoding: chunked',
    'transfer-encoding: chunked\r\ncontent-length: 15',
    'transfer-encoding: xchunked',
    'transfer-encoding: chunked, identity',
    'transfer-encoding: identity, chunked',
    'transfer-encoding: gzip, chunked',
    'transfer-encoding: chunked\r\ntransfer-encoding: chunked',
    'transfer-encoding:\x0bchunked',
    'transfer-encoding: chunked ,',
    'content-length: +15',
    'content-length: 15, 15',
    'content-length: 15\r\ncontent-length: 15',
    'content-length: 15\r\ncontent-length: 0',
    'content-length: -1',
    'content-length: 0xf',
    'content-length: 1 5',
    'content-length: 99999999999999999999',
    'content-length : 15',
  ])('%j', async (headerLines) => {
    await expectParserRefusal(await post(headerLines));
  });
});

describe('characters that no header has', () => {
  it.each([
    'x: a\r\n b',
    'x: \0',
    'x: \x1b[2J',
    'x: \x7f',
    'x: a\rb',
    'x: a\nb',
    'x y: 1',
    ': 1',
    'x\0: 1',
    'x',
    '\x80: 1',
  ])('%j', async (headerLines) => {
    await expectParserRefusal(await post(`content-length: 15\r\n${headerLines}`));
  });

  it('lines that end with a bare LF', async () => {
    await expectParserRefusal((await post('content-length: 15')).replaceAll('\r\n', '\n'));
  });

  it('an end of headers that is none', async () => {
    const head = (await post('content-length: 15', '')).slice(0, -2);
    await expectParserRefusal(`${head}\rX{"content":"x"}`);
  });

  it('an injected log line in the agent, with the line end that it needs', async () => {
    await expectParserRefusal(await post('content-length: 15\r\nuser-agent: x\n{"level":"info"}'));
  });
});

describe('what is no HTTP/1.1 request', () => {
  it.each([
    'FOO /components HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'get /components HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET /components HTTP/9.9\r\nhost: localhost\r\n\r\n',
    'GET  HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET \\components HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'GET /a b HTTP/1.1\r\nhost: localhost\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
    '{"json":1}\r\n\r\n',
  ])('%j', async (bytes) => {
    await expectParserRefusal(bytes);
  });
});

describe('chunks', () => {
  it.each([
    ['a size that is none', 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a negative size', '-2\r\n{}\r\n0\r\n\r\n'],
    ['a size of 20 digits', '11111111111111111111\r\n{}\r\n'],
    ['data longer than its size', '1\r\n{}\r\n0\r\n\r\n'],
    ['a bare LF behind the size', '2\n{}\r\n0\r\n\r\n'],
    ['20 kB of extensions', `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
  ])('%s', async (_, chunks) => {
    const answer = await exchange(http.server.url, await post('transfer-encoding: chunked', chunks));
    expect([answer.status, codeOf(answer), headerOf(answer, 'connection')]).toEqual([400, 'bad_request', 'close']);
  });
});

describe('431', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index): Header => [`x-${index}`, '1']);

  it('16 KB of headers, before anything else is looked at', async () => {
    await expectParserRefusal(rawRequest({ headers: [['x', 'a'.repeat(16_384)]] }), 431, 'headers_too_large');
    await expectParserRefusal(rawRequest({ target: `/${'a'.repeat(16_384)}` }), 431, 'headers_too_large');
    await expectParserRefusal(rawRequest({ headers: [keyHeader('k'.repeat(17_000))] }), 431, 'headers_too_large');
  });

  it('more than 100 headers', async () => {
    const { plaintext } = await http.createKey();
    const answer = (count: number) => http.send({ headers: [keyHeader(plaintext), ...many(count)] });
    expect((await answer(98)).status).toBe(200);
    const refused = await answer(99);
    expect([refused.status, codeOf(refused)]).toEqual([431, 'headers_too_large']);
    expect(headerOf(refused, 'x-request-id')).toMatch(/^req_/);
  });
});

describe('the Host', () => {
  const statusOf = async (host: string, headers: readonly Header[] = []) =>
    (await http.send({ target: '/healthz', host, headers })).status;

  it.each([
    'localhost',
    'LOCALHOST',
    'localhost:4680',
    'app.localhost',
    '127.0.0.1',
    '127.0.0.1:1',
    '[::1]:80',
    '192.168.1.7',
  ])('%s is answered', async (host) => expect(await statusOf(host)).toBe(200));

  it.each([
    'evil.example',
    'evil.example:4680',
    'localhost.evil.example',
    'evillocalhost',
    'localhost.',
    '127.0.0.1.evil.example',
    '127.0.0.1.',
    '0x7f.1',
    '2130706433',
    '127.1',
    'user@localhost',
    'localhost:65536',
    '[::1]:99999',
    'localhost:4680:1',
    'localhost:x',
    'localhost,evil.example',
    'localhost/evil',
    '::1',
    '[::1',
    '[evil]',
    '',
    'lo\xe7alhost',
  ])('%j is 421, with the right token too', async (host) => {
    expect(await statusOf(host)).toBe(421);
    expect(await statusOf(host, [TOKEN])).toBe(421);
  });

  it('twice, or not at all, is 400', async () => {
    expect(await statusOf('localhost', [['host', 'evil.example']])).toBe(400);
    expect(await statusOf('localhost', [['Host', 'localhost']])).toBe(400);
    for (const version of ['1.1', '1.0']) {
      const answer = await exchange(http.server.url, `GET /healthz HTTP/${version}\r\n\r\n`);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
      expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
    }
  });

  it('of another name in the target is 400, whatever the header says', async () => {
    const { plaintext } = await http.createKey();
    const answer = await http.send({ target: 'http://evil.example/components', headers: [keyHeader(plaintext)] });
    expect(answer.status).toBe(400);
  });
});

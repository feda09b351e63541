import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/core/clock.ts';
import { LOCAL_TOKEN } from '../local-server.ts';
import { exchange, headerOf, type RawAnswer, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, type Header, JSON_TYPE, keyHeader, ServerForTests } from './server-for-tests.ts';

const NONE_SENT = 'Bearer realm="outkit"';
const SENT = 'Bearer realm="outkit", error="invalid_token"';

const http = new ServerForTests();

/** Sends the head of a request and waits for the answer: a server that wanted the body would say 100 first. */
function refused(headers: readonly Header[], target = '/render/enhance'): Promise<RawAnswer> {
  const expectation: Header[] = [JSON_TYPE, ['expect', '100-continue'], ['content-length', '9999']];
  return exchange(http.server.url, rawRequest({ method: 'POST', target, headers: [...expectation, ...headers] }));
}

function expectRefusal(answer: RawAnswer, code: string, challenge: string): void {
  expect([answer.status, codeOf(answer), headerOf(answer, 'www-authenticate')]).toEqual([401, code, challenge]);
  expect(Object.keys(JSON.parse(answer.body))).toEqual(['error', 'detail', 'code']);
  expect(JSON.parse(answer.body).error).toBe('Unauthorized');
  expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
  expect(headerOf(answer, 'cache-control')).toBe('no-store');
  expect(headerOf(answer, 'connection')).toBe('close');
  expect(headerOf(answer, 'ratelimit')).toBeNull();
}

/** No eight characters in a row of what was sent, the start that people may see included. */
function expectNothingEchoed(answer: RawAnswer, sent: string): void {
  const text = JSON.stringify(answer);
  for (let at = 0; at + 8 <= sent.length; at++) expect(text).not.toContain(sent.slice(at, at + 8));
}

describe('no key: 401 without error=, before the body is read', () => {
  it.each<[string, (key: string) => Header[]]>([
    ['nothing', () => []],
    ['a cookie', (key) => [['cookie', `x-outkit-api-key=${key}; api_key=${key}`]]],
    ['x-api-key', (key) => [['x-api-key', key]]],
    ['a name with underscores', (key) => [['x_outkit_api_key', key]]],
    ['proxy-authorization', (key) => [['proxy-authorization', `Bearer ${key}`]]],
    ['headers of a proxy', (key) => [['x-outkit-key-id', key]]],
  ])('%s', async (_, headers) => {
    const { plaintext } = await http.createKey();
    const answer = await refused(headers(plaintext));
    expectRefusal(answer, 'key_missing', NONE_SENT);
    expectNothingEchoed(answer, plaintext);
  });

  it.each(['api_key', 'x-outkit-api-key', 'access_token', 'key'])('?%s=', async (name) => {
    const { plaintext } = await http.createKey();
    const answer = await refused([], `/render/enhance?${name}=${plaintext}`);
    expectRefusal(answer, 'key_missing', NONE_SENT);
    expectNothingEchoed(answer, plaintext);
    expect(http.server.lines.at(-1)).toMatchObject({ status: 401, path: '/render/enhance', verdict: 'missing' });
  });

  it('a key in the body or in a trailer', async () => {
    const { plaintext } = await http.createKey();
    expect((await http.enhance([], { content: 'x', apiKey: plaintext })).status).toBe(401);
    const head = rawRequest({
      method: 'POST',
      target: '/render/enhance',
      headers: [JSON_TYPE, ['transfer-encoding', 'chunked'], ['trailer', 'x-outkit-api-key']],
    });
    const chunks = `f\r\n{"content":"x"}\r\n0\r\nx-outkit-api-key: ${plaintext}\r\n\r\n`;
    expectRefusal(await exchange(http.server.url, head + chunks), 'key_missing', NONE_SENT);
  });
});

/** What is not a key, made from one that is. Bytes are those of the wire. */
const MALFORMED: readonly (readonly [string, (key: string, other: string) => Header])[] = [
  ['Bearer', () => ['authorization', 'Bearer']],
  ['Bearer and a space', () => ['authorization', 'Bearer ']],
  ['Bearer and spaces', () => ['authorization', 'Bearer    ']],
  ['no scheme', (key) => ['authorization', key]],
  ['Basic', () => ['authorization', 'Basic b2s6']],
  ['Basic with the key', (key) => ['authorization', `Basic ${key}`]],
  ['Token', (key) => ['authorization', `Token ${key}`]],
  ['a tab after Bearer', (key) => ['authorization', `Bearer\t${key}`]],
  ['a scheme that ends like Bearer', (key) => ['authorization', `XBearer ${key}`]],
  ['two keys with a comma', (key, other) => ['authorization', `Bearer ${key},${other}`]],
  ['two challenges', (key, other) => ['authorization', `Bearer ${key}, Bearer ${other}`]],
  ['two keys in the key header', (key, other) => keyHeader(`${key}, ${other}`)],
  ['Bearer in the key header', (key) => keyHeader(`Bearer ${key}`)],
  ['quotes', (key) => keyHeader(`"${key}"`)],
  ['a parameter', (key) => keyHeader(`${key};x`)],
  ['an encoded space', (key) => keyHeader(`${key}%20`)],
  ['a zero-width space', (key) => keyHeader(`${key}\xe2\x80\x8b`)],
  ['a no-break space', (key) => keyHeader(`${key}\xc2\xa0`)],
  ['a no-break space in latin1', (key) => keyHeader(`\xa0${key}`)],
  ['a byte order mark', (key) => keyHeader(`\xef\xbb\xbf${key}`)],
  ['a high byte for a letter', (key) => keyHeader(`${key.slice(0, 20)}\xe9${key.slice(21)}`)],
  ['a byte that is a letter but for its top bit', (key) => keyHeader(withHighBit(key, 20))],
  ['a byte 0xff', (key) => keyHeader(`${key.slice(0, 41)}\xff`)],
  ['the letter case turned', (key) => keyHeader(turnedCase(key))],
  ['an upper-case prefix', (key) => keyHeader(`OK${key.slice(2)}`)],
  ['the wrong checksum', (key) => keyHeader(key.slice(0, 41) + (key.endsWith('0') ? '1' : '0'))],
  ['another environment with the old checksum', (key) => keyHeader(`okp${key.slice(3)}`)],
  ['nothing in the header', () => keyHeader('')],
  ['1 character', (key) => keyHeader(key.slice(0, 1))],
  ['41 characters', (key) => keyHeader(key.slice(0, 41))],
  ['43 characters', (key) => keyHeader(`${key}0`)],
  ['1 kB', (key) => keyHeader(key.repeat(24))],
  ['15 kB', (key) => keyHeader(key.repeat(360))],
  ['__proto__', () => keyHeader('__proto__')],
  ['the token of the control API', () => ['authorization', `Bearer ${LOCAL_TOKEN}`]],
];

function withHighBit(key: string, at: number): string {
  return key.slice(0, at) + String.fromCharCode(key.charCodeAt(at) | 0x80) + key.slice(at + 1);
}

function turnedCase(key: string): string {
  const turned = [...key.slice(4)].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()));
  return key.slice(0, 4) + turned.join('');
}

describe('what is not a key, though made from one that stands: 401, before the body is read, nothing of it repeated', () => {
  it.each(MALFORMED)('%s', async (_, headerOfKey) => {
    const { plaintext } = await http.createKey();
    const header = headerOfKey(plaintext, (await http.createKey()).plaintext);
    const answer = await refused([header]);
    expectRefusal(answer, 'key_malformed', SENT);
    expectNothingEchoed(answer, plaintext);
    expectNothingEchoed(answer, LOCAL_TOKEN);
  });
});

describe('a well-formed key that is not accepted: 401, and why only to one who holds all of it', () => {
  it('that no key has, in each environment', async () => {
    for (const environment of ['development', 'staging', 'production'] as const) {
      const plaintext = http.mint(environment);
      const answer = await refused([keyHeader(plaintext)]);
      expectRefusal(answer, 'key_unknown', SENT);
      expectNothingEchoed(answer, plaintext);
    }
  });

  it('revoked', async () => {
    const { id, plaintext } = await http.createKey();
    await http.server.keys.revoke(id, 'leaked in a chat');
    const answer = await refused([['authorization', `Bearer ${plaintext}`]]);
    expectRefusal(answer, 'key_revoked', SENT);
    expectNothingEchoed(answer, plaintext);
    expect(answer.body).not.toContain('leaked');
  });

  it('superseded', async () => {
    const key = await http.createKey();
    await http.rotate(key, 0);
    expectRefusal(await refused([keyHeader(key.plaintext)]), 'key_superseded', SENT);
  });

  it('expired', async () => {
    const { plaintext } = await http.createKey({ expiresAt: http.server.now() + DAY_MS });
    http.server.advance(DAY_MS);
    expectRefusal(await refused([keyHeader(plaintext)]), 'key_expired', SENT);
  });
});

describe('every route of the renderer', () => {
  it.each(['/components', '/components?x=1'])('GET %s without a key is 401', async (target) => {
    expect((await http.send({ target })).status).toBe(401);
  });

  it('HEAD is judged like GET', async () => {
    const connection = await RawConnection.open(http.server.url);
    connection.send(rawRequest({ method: 'HEAD' }));
    expect((await connection.answer(true)).status).toBe(401);
    connection.close();
  });
});

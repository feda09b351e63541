import { describe, expect, it } from 'vitest';
import { NO_JSON_OBJECT } from './malformed-json.ts';
import { headerOf, RawConnection, rawRequest } from './raw-http.ts';
import { codeOf, type Header, JSON_TYPE, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

describe('more than one key: 400, whether they differ or not, wherever they stand', () => {
  const bearer = (key: string): Header => ['authorization', `Bearer ${key}`];
  const many = (count: number) => Array.from({ length: count }, (_, index): Header => [`x-${index}`, '1']);

  it.each<[string, (key: string, other: string) => Header[]]>([
    ['two Authorization', (key, other) => [bearer(key), bearer(other)]],
    ['the same Authorization twice', (key) => [bearer(key), bearer(key)]],
    ['a good one before an empty one', (key) => [bearer(key), ['authorization', '']]],
    ['an empty one before a good one', (key) => [['authorization', ''], bearer(key)]],
    ['two key headers', (key, other) => [keyHeader(key), keyHeader(other)]],
    ['two key headers in other letters', (key) => [keyHeader(key), ['X-Outkit-API-Key', key]]],
    ['both headers, the same key', (key) => [keyHeader(key), bearer(key)]],
    ['both headers, the second of another scheme', (key) => [keyHeader(key), ['authorization', 'Basic b2s6']]],
    ['a key header that is empty', (key) => [bearer(key), ['x-outkit-api-key', '']]],
    ['the second as the last of 100 headers', (key, other) => [bearer(key), ...many(96), keyHeader(other)]],
  ])('%s', async (_, headers) => {
    const [{ plaintext }, other] = [await http.createKey(), await http.createKey()];
    const answer = await http.send({ headers: headers(plaintext, other.plaintext) });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body).not.toContain(plaintext.slice(8));
    expect(http.server.lines.at(-1)).toMatchObject({ verdict: 'not_judged', keyName: null, start: null });
  });

  it('a second key behind the headers that Node keeps: never one of them alone', async () => {
    const { plaintext } = await http.createKey();
    for (const count of [97, 98, 99, 120, 1000]) {
      const headers = [keyHeader(plaintext), ...many(count), keyHeader(http.mint())];
      expect([400, 431]).toContain((await http.send({ headers })).status);
    }
  });
});

describe('a body that is no JSON object in UTF-8: 400, and nothing of it is repeated', () => {
  it.each(NO_JSON_OBJECT)('%s', async (_, body) => {
    const { plaintext } = await http.createKey();
    const answer = await http.enhance([keyHeader(plaintext)], body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(JSON.parse(answer.body)).toEqual({
      error: 'BadRequest',
      detail: expect.stringMatching(/^The body /),
      code: 'bad_request',
    });
    expect(answer.body).not.toMatch(/admin|proto|content|density/);
    expect(headerOf(answer, 'cache-control')).toBe('no-store');
  });
});

describe('the query: closed, and never repeated', () => {
  it.each([
    'stream=1',
    'stream=TRUE',
    'stream=',
    'stream=true&stream=false',
    'stream[]=true',
    'api_key=okd_Abcd',
    'x=1',
    '__proto__=1',
    'constructor=1',
    'toString=1',
  ])('?%s is 400', async (query) => {
    const { plaintext } = await http.createKey();
    const answer = await http.enhance([keyHeader(plaintext)], { content: 'x' }, `?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body).not.toContain('okd_');
  });

  it('a key as the name of a parameter is not repeated', async () => {
    const { plaintext } = await http.createKey();
    const answer = await http.enhance([keyHeader(plaintext)], { content: 'x' }, `?${plaintext}=1`);
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain(plaintext.slice(0, 8));
  });
});

it('a body that its sender does not finish is a client error, and no failure of the server', async () => {
  const { id, plaintext } = await http.createKey();
  const connection = await RawConnection.open(http.server.url);
  const headers = [keyHeader(plaintext), JSON_TYPE, ['content-length', '1000'], ['expect', '100-continue']] as const;
  connection.send(rawRequest({ method: 'POST', target: '/render/enhance', headers }));
  expect((await connection.answer()).status).toBe(100);
  connection.send('{"content":');
  connection.reset();
  await expect.poll(() => http.server.keys.stats(id, 3_600_000)).toMatchObject({ clientErrors: 1, serverErrors: 0 });
});

import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NodeRequest, toWebRequest } from './node-request.ts';

const signal = new AbortController().signal;

function incoming(fields: Partial<NodeRequest>, body = ''): NodeRequest {
  const stream = Readable.from(body === '' ? [] : [Buffer.from(body)]);
  return Object.assign(stream, { method: 'POST', url: '/', rawHeaders: [], complete: false, ...fields }) as never;
}

describe('the web-standard request of a Node request', () => {
  it('has our origin and at most the query of the client, whatever the target is', () => {
    const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
    const part = fc.constantFrom(
      'http:',
      '//',
      'user:pass@',
      'evil.example',
      '/..',
      '\\',
      '?',
      '#',
      '&',
      '%0d',
      '*',
      ' ',
    );
    const target = fc.array(fc.oneof(part, byte)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(target, fc.string(), (url, method) => {
        const web = toWebRequest(incoming({ url, method }), signal);
        const { origin, search, hash, username } = new URL(web.url);
        expect([origin, hash, username]).toEqual(['http://localhost', '', '']);
        expect(search === '' || url.includes('?')).toBe(true);
        expect(['GET', 'POST']).toContain(web.method);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('has all headers of the client, of the same name too, for the app to decide by', () => {
    const rawHeaders = ['Cookie', 'a=1', 'X-A', '1', 'cookie', 'b=2', 'x-a', '2', ':path', '/', 'X-B', '\u00e9'];
    const { headers } = toWebRequest(incoming({ rawHeaders }), signal);
    expect(Object.fromEntries(headers)).toEqual({ cookie: 'a=1; b=2', 'x-a': '1, 2', 'x-b': '\u00e9' });
  });

  it.each([
    ['an object', { content: 'a' }, '{"content":"a"}'],
    ['an array', [1], '[1]'],
    ['null', null, 'null'],
    ['a string', '{"content": "a"}', '{"content": "a"}'],
    ['bytes', Buffer.from('{"a":1}'), '{"a":1}'],
  ])('takes what a parser has made of the body: %s', async (_, body, text) => {
    const request = incoming({ body }, 'read');
    await Array.fromAsync(request as never as Readable);
    expect(await toWebRequest(request, signal).text()).toBe(text);
  });

  it('reads the body itself where something only left an object', async () => {
    expect(await toWebRequest(incoming({ body: {} }, '{"content":"a"}'), signal).text()).toBe('{"content":"a"}');
  });

  it('reads nothing before it is asked to', async () => {
    const request = incoming({}, 'a');
    const { body } = toWebRequest(request, signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect([request.readableDidRead, body !== null]).toEqual([false, true]);
  });
});

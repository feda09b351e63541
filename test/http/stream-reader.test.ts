import { expect, it } from 'vitest';
import { OutkitStreamError, readStream, type StreamItem } from '../../src/stream/stream.ts';
import { ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

function enhance(key: string | null, content: string, query = ''): Promise<Response> {
  return fetch(`${http.server.url}/render/enhance${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== null && { 'x-outkit-api-key': key }) },
    body: JSON.stringify({ content, preferences: { fallbackPolicy: 'always' } }),
  });
}

async function itemsOf(response: Response): Promise<StreamItem[]> {
  return Array.fromAsync(readStream(response));
}

async function errorOf(response: Response): Promise<OutkitStreamError> {
  const error = await itemsOf(response).catch((thrown: unknown) => thrown);
  if (!(error instanceof OutkitStreamError)) throw new Error('it was not refused');
  return error;
}

it('what apps read of a real answer is the whole document, alike in both modes', async () => {
  const { plaintext } = await http.createKey();
  const content =
    '# Títle 漢\r\n\r\n|a|b|\n|-|-|\n|1|2|\n\n- [ ] task\n\n> [!TIP]\n> 👩🏽‍💻\n\n1. x\n2. y\n\n```js\ndata: [DONE]\n```\n';
  const [streamed, whole] = await Promise.all([
    enhance(plaintext, content).then(itemsOf),
    enhance(plaintext, content, '?stream=false').then(itemsOf),
  ]);
  const blocks = streamed.flatMap((item) => (item.type === 'block' ? [item.block] : []));
  const text = blocks.map((block) => block.fallback ?? (block.component === 'text' ? block.props.content : ''));
  expect(text.join('')).toBe(content);
  expect(new Set(blocks.map(({ component }) => component)).size).toBe(6);
  expect(streamed[0]?.type).toBe('design');
  expect(whole).toEqual(streamed);
});

it('what apps read of a refusal is why, and when to come back', async () => {
  expect(await errorOf(await enhance(null, 'a'))).toMatchObject({
    status: 401,
    code: 'key_missing',
    retryAfterMs: null,
  });
  const { plaintext } = await http.createKey({ rateLimitPerMinute: 1 });
  await itemsOf(await enhance(plaintext, 'a'));
  const { status, code, retryAfterMs } = await errorOf(await enhance(plaintext, 'a'));
  expect([status, code]).toEqual([429, 'rate_limited']);
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block as RendererBlock } from '../renderer/block.ts';
import { render } from '../renderer/render.ts';
import { MAX_CONTENT_BYTES } from '../renderer/request.ts';
import { streamFrames } from '../renderer/stream.ts';
import { followStream, type OutkitStreamError, readStream, type StreamItem, type StreamSource } from './stream.ts';

const DESIGN = { '--outkit-primary': '#1a73e8' };
const META = 'data: {"type":"meta","design":{}}\n\n';
const TEXT = 'data: {"c":"text","v":"1.0","p":{"content":"hi","variant":"prose"}}\n\n';
const DONE = 'data: [DONE]\n\n';
const SSE = { headers: { 'content-type': 'text/event-stream; charset=utf-8' } };
const JSON_MODE = { headers: { 'content-type': 'Application/JSON; charset=utf-8' } };

async function* pieces(...parts: (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  yield* parts;
}

/** What a source gave before its end, and the error that ended it. */
async function readAll(source: StreamSource): Promise<{ items: StreamItem[]; error?: OutkitStreamError }> {
  const items: StreamItem[] = [];
  try {
    for await (const item of readStream(source)) items.push(item);
  } catch (error) {
    return { items, error: error as OutkitStreamError };
  }
  return { items };
}

function itemsOf(blocks: readonly RendererBlock[]): unknown[] {
  return [{ type: 'design', design: DESIGN }, ...blocks.map((block) => ({ type: 'block', block }))];
}

/** Text to compare with: `toEqual` does not see a member called `__proto__`. */
function asText(items: unknown): string {
  return JSON.stringify(items);
}

const document = fc
  .array(
    fc.constantFrom(
      ...[
        '# Title\n\n',
        'text *with* `code`\n\n',
        '**Note:** mind\n\n',
        '- [ ] task\n- [x] done\n\n',
        '1. a\n2. b\n\n',
      ],
      ...[
        '|a|__proto__|\n|-|:-:|\n|1|2|\n|3|4|\n\n',
        'As a line chart:\n\n',
        '```js\ndata: [DONE]\r\n\r\n```\n\n',
        '```chart\n{\n```\n',
      ],
      ...['👩🏽‍💻 漢字 é\u2028\u0085\0\n', 'data: [DONE]\n\n', '\uFEFF', '\r', 'event: error\n\n'],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const fallbackPolicy = fc.constantFrom('onFail' as const, 'always' as const, 'never' as const);
const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
const between = fc.constantFrom(
  '',
  ':\n',
  ': comment\n\n',
  'event: news\ndata: {}\n\n',
  'retry: 5\nid: 7\n',
  'unknown: x\n\n',
);
const places = fc.array(fc.nat(), { maxLength: 30 });

function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...new Set(cuts.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index]));
}

describe('readStream', () => {
  it('gives the blocks of the renderer, for any document, cut at any bytes, with any line ends and comments', async () => {
    await fc.assert(
      fc.asyncProperty(document, fallbackPolicy, lineEnd, between, places, async (content, policy, end, more, cuts) => {
        const blocks = render({
          content,
          maxComponents: 8,
          preferences: { fallbackPolicy: policy, density: 'detailed' },
        });
        const frames = [...streamFrames(blocks, DESIGN)].map((frame) => (more + frame).replaceAll('\n', end));
        const bytes = new TextEncoder().encode(frames.join(''));
        const { items, error } = await readAll(pieces(...cut(bytes, cuts)));
        expect(error).toBeUndefined();
        expect(asText(items)).toBe(asText(itemsOf(blocks)));
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same items of a Response in both modes and of its body', async () => {
    const blocks = render({
      content: 'Hi\n\n|a|\n|-|\n|1|',
      maxComponents: 8,
      preferences: { fallbackPolicy: 'always' },
    });
    const sse = [...streamFrames(blocks, DESIGN)].join('');
    const sources = [
      new Response(sse, SSE),
      new Response(sse).body as ReadableStream<Uint8Array>,
      new Response(`\uFEFF${JSON.stringify({ blocks, design: DESIGN, more: 1 })}`, JSON_MODE),
    ];
    for (const source of sources) expect(await readAll(source)).toEqual({ items: itemsOf(blocks) });
  });

  it('reads the longest event that the renderer makes', async () => {
    // Rows may make eight times their length of the names of columns, and JSON writes six characters for each of these.
    const table = `|${'\x01'.repeat(22)}|\n|-|\n`;
    const content = table + '|x|\n'.repeat((MAX_CONTENT_BYTES - table.length) / 4);
    const blocks = render({ content, maxComponents: 8, preferences: { fallbackPolicy: 'always' } });
    const frames = [...streamFrames(blocks, DESIGN)];
    expect(blocks[0]?.component).toBe('table');
    expect(Math.max(...frames.map((frame) => frame.length))).toBeGreaterThan(16 * 1024 * 1024);
    const { items, error } = await readAll(pieces(...frames));
    expect(error).toBeUndefined();
    expect(asText(items) === asText(itemsOf(blocks))).toBe(true);
  });

  it('knows types of events that mean nothing to it', async () => {
    const { items } = await readAll(pieces(META, 'event: usage\ndata: {"c":1}\n\n', TEXT, DONE));
    expect(items.map(({ type }) => type)).toEqual(['design', 'block']);
  });

  it('lets members through that a newer server adds to the props, and leaves out others', async () => {
    const { items } = await readAll(pieces('data: {"c":"code","v":"1.0","p":{"code":"a","lines":3},"x":1}\n\n', DONE));
    expect(items).toEqual([
      { type: 'block', block: { component: 'code', version: '1.0', props: { code: 'a', lines: 3 } } },
    ]);
  });

  it.each([
    ['{"c":"map","v":"1.0","p":{"at":[1,2]},"m":{"title":1},"f":"the **map**"}'],
    ['{"c":"table","v":"2.0","p":{},"f":"the **map**"}'],
    ['{"c":"constructor","v":"1.0","p":{},"f":"the **map**"}'],
  ])('shows the fallback of a component that it does not know as text: %s', async (data) => {
    const block = { component: 'text', version: '1.0', props: { content: 'the **map**', variant: 'prose' } };
    expect(await readAll(pieces(`data: ${data}\n\n`, DONE))).toEqual({ items: [{ type: 'block', block }] });
  });

  it.each([
    '{"c":"map","v":"1.0","p":{}}',
    '{"c":"text","v":"1.1","p":{"content":"a","variant":"prose"}}',
    '{"c":"__proto__","v":"1.0","p":{}}',
  ])('ends at a component that it does not know and that has no fallback, after all before it: %s', async (data) => {
    const { items, error } = await readAll(pieces(META, TEXT, `data: ${data}\n\n`, TEXT, DONE));
    expect([items.length, error?.code]).toEqual([2, 'stream_unsupported']);
  });

  it('pollutes no prototype', async () => {
    const design = 'data: {"type":"meta","design":{"__proto__":"x"},"__proto__":{"c":"text"}}\n\n';
    const block =
      'data: {"c":"code","v":"1.0","p":{"code":"a","__proto__":{"polluted":1}},"m":{"__proto__":{"polluted":1}}}\n\n';
    const { items, error } = await readAll(pieces(design, block, DONE));
    expect([items.length, error]).toEqual([2, undefined]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    for (const item of items) expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
    const inherited = await readAll(
      pieces('data: {"__proto__":{"c":"text","v":"1.0","p":{"content":"a","variant":"prose"}}}\n\n'),
    );
    expect(inherited.error?.code).toBe('stream_malformed');
  });
});

describe('a stream that is not whole', () => {
  it.each([
    ['has no end mark', [META, TEXT], 2],
    ['is cut within an event', [META, TEXT, 'data: [DO'], 2],
    ['is cut before the blank line behind its end mark', [META, 'data: [DONE]\n'], 1],
    ['is empty', [], 0],
  ])('gives what came and then stream_cut when it %s', async (_, parts, count) => {
    const { items, error } = await readAll(pieces(...parts));
    expect([items.length, error?.name, error?.code, error?.status]).toEqual([
      count,
      'OutkitStreamError',
      'stream_cut',
      null,
    ]);
  });

  it('is cut also when its source fails, and says of what', async () => {
    const cause = new TypeError('network error');
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(cause),
    });
    const failing = (async function* () {
      yield META;
      throw cause;
    })();
    expect((await readAll(body)).error).toMatchObject({ code: 'stream_cut', cause });
    expect(await readAll(failing)).toMatchObject({ items: [{ type: 'design' }], error: { code: 'stream_cut', cause } });
    expect(body.locked).toBe(false);
  });

  it('ends with the code and the detail of an error event', async () => {
    const event =
      'event: error\ndata: {"error":"Unauthorized","detail":"The key\\nwas revoked","code":"key_revoked"}\n\n';
    const { items, error } = await readAll(pieces(META, TEXT, event, TEXT, DONE));
    expect(items).toHaveLength(2);
    expect(error).toMatchObject({
      code: 'key_revoked',
      message: 'The key was revoked',
      status: null,
      retryAfterMs: null,
    });
  });

  it('never repeats more of a detail than 300 characters, and no half of one', async () => {
    const detail = JSON.stringify({ code: 'internal', detail: '😀'.repeat(500) });
    const { error } = await readAll(pieces(`event: error\ndata: ${detail}\n\n`));
    expect(error?.message).toBe('😀'.repeat(300));
  });
});

const BLOCK = '{"c":"text","v":"1.0","p":{"content":"a","variant":"prose"}';

describe('what is no stream of ours', () => {
  it.each([
    'SECRET',
    '{"c":"SECRET',
    'null',
    '[]',
    '"SECRET"',
    '{}',
    '{"type":"SECRET"}',
    '{"type":"meta"}',
    '{"type":"meta","design":["SECRET"]}',
    '{"type":"meta","design":{"--a":{"SECRET":1}}}',
    '{"c":"SECRET","p":{}}',
    '{"c":["text"],"v":"1.0","p":{"content":"SECRET","variant":"prose"}}',
    '{"c":"text","v":1,"p":{"content":"SECRET","variant":"prose"}}',
    '{"c":"text","v":"1.0"}',
    '{"c":"text","v":"1.0","p":{"content":1,"variant":"SECRET"}}',
    '{"c":"table","v":"1.0","p":{"columns":["SECRET"],"rows":[["SECRET"]],"sortable":true}}',
    `${BLOCK},"m":null}`,
    `${BLOCK},"m":{"confidence":"SECRET"}}`,
    `${BLOCK},"f":["SECRET"]}`,
    '[DONE] SECRET',
  ])('is refused as malformed and never repeated: %s', async (data) => {
    const { items, error } = await readAll(pieces(META, `data: ${data}\n\n`, DONE));
    expect([items.length, error?.code]).toEqual([1, 'stream_malformed']);
    expect(`${error?.message}${error?.stack}${String(error?.cause)}`).not.toContain('SECRET');
  });

  it.each(['SECRET', '{}', '{"code":"SECRET CODE","detail":"x"}', '{"code":1}'])(
    'may be an error event: %s',
    async (data) => {
      const { error } = await readAll(pieces(`event: error\ndata: ${data}\n\n`));
      expect(error?.code).toBe('stream_malformed');
      expect(error?.message).not.toContain('SECRET');
    },
  );

  it.each([
    'SECRET',
    '[]',
    '{"design":{}}',
    '{"blocks":{},"design":{}}',
    '{"blocks":[],"design":[]}',
    '{"blocks":[1],"design":{}}',
  ])('may be an answer in JSON mode: %s', async (body) => {
    expect((await readAll(new Response(body, JSON_MODE))).error?.code).toBe('stream_malformed');
  });

  it.each([
    ['a page', new Response('<html>SECRET', { headers: { 'content-type': 'text/html' } })],
    ['an answer of no type', new Response(new Uint8Array())],
    ['no content', new Response(null, { status: 204 })],
    ['a type that only begins alike', new Response(DONE, { headers: { 'content-type': 'text/event-streams' } })],
  ])('may be %s, whose body is given up', async (_, response) => {
    const { error } = await readAll(response);
    expect(error?.code).toBe('stream_malformed');
    expect(error?.message).not.toContain('SECRET');
    expect(response.body?.locked ?? false).toBe(false);
    expect(response.body === null || (await response.body.getReader().read()).done).toBe(true);
  });

  it('is refused when an event or a JSON answer does not end, and the rest is not read', async () => {
    let count = 0;
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => {
          count += 1;
          controller.enqueue(new TextEncoder().encode('x'.repeat(1024 * 1024)));
        },
      });
    for (const source of [endless(), new Response(endless(), SSE), new Response(endless(), JSON_MODE)]) {
      count = 0;
      expect((await readAll(source)).error?.code).toBe('stream_too_large');
      expect(count).toBeLessThan(40);
    }
  });
});

describe('the end of the reading', () => {
  /** A stream that never ends by itself. */
  function endless(...parts: string[]) {
    const state = { isCancelled: false };
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      },
      cancel: () => {
        state.isCancelled = true;
        throw new Error('the source does not like it');
      },
    });
    return { body, state };
  }

  it('comes with the end mark: what follows is ignored, the source cancelled, the stream unlocked', async () => {
    const { body, state } = endless(META, DONE + TEXT, 'data: SECRET\n\n');
    expect((await readAll(body)).items).toHaveLength(1);
    expect([state.isCancelled, body.locked]).toEqual([true, false]);
  });

  it('cancels the source when the loop is left', async () => {
    const { body, state } = endless(META, TEXT);
    for await (const _ of readStream(new Response(body, SSE))) break;
    expect(state.isCancelled).toBe(true);
    const { body: other, state: otherState } = endless(META);
    const reading = async () => {
      for await (const _ of readStream(other)) throw new RangeError('mine');
    };
    await expect(reading()).rejects.toThrow(RangeError);
    expect([otherState.isCancelled, other.locked]).toEqual([true, false]);
  });

  it('cancels the source when what it gives is refused', async () => {
    const { body, state } = endless(META, 'data: {\n\n');
    expect((await readAll(body)).error?.code).toBe('stream_malformed');
    expect([state.isCancelled, body.locked]).toEqual([true, false]);
  });

  it('calls return of an iterable, and works with one that has none', async () => {
    let isReturned = false;
    const source = (async function* () {
      try {
        yield META + TEXT;
        yield DONE;
      } finally {
        isReturned = true;
      }
    })();
    for await (const _ of readStream(source)) break;
    expect(isReturned).toBe(true);
    const bare = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: META + DONE }) }) };
    expect((await readAll(bare)).items).toHaveLength(1);
  });

  it('asks for a stream only through its reader, as browsers without iteration need it', async () => {
    const { body } = endless(META, DONE);
    const reader = { getReader: () => body.getReader() } as ReadableStream<Uint8Array>;
    expect((await readAll(reader)).items).toHaveLength(1);
  });
});

describe('followStream', () => {
  it('calls a handler for each item in order, and needs none', async () => {
    const calls: unknown[] = [];
    const onDesign = (design: unknown) => calls.push(['design', design]);
    const onBlock = (block: { component: string }) => calls.push(['block', block.component]);
    await followStream(pieces(META, TEXT, DONE), { onDesign, onBlock });
    expect(calls).toEqual([
      ['design', {}],
      ['block', 'text'],
    ]);
    await expect(followStream(pieces(META, TEXT, DONE), {})).resolves.toBeUndefined();
  });

  it('rejects with what ended the stream, after the items before it', async () => {
    let count = 0;
    const following = followStream(pieces(META, TEXT), { onBlock: () => void count++ });
    await expect(following).rejects.toMatchObject({ code: 'stream_cut' });
    expect(count).toBe(1);
  });

  it('rejects with what a handler throws, and cancels the source', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(META)),
      cancel: () => {
        isCancelled = true;
      },
    });
    const onDesign = () => {
      throw new RangeError('mine');
    };
    await expect(followStream(body, { onDesign })).rejects.toThrow(RangeError);
    expect(isCancelled).toBe(true);
  });
});

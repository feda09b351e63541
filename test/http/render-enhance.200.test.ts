import { describe, expect, it } from 'vitest';
import { headerOf, type RawAnswer } from './raw-http.ts';
import { type Header, keyHeader, ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();

const TABLE = '| a | b |\n|---|---|\n| 1 | x |\n';
const DOCUMENT = `Hello\n\n${TABLE}\n- [ ] one\n- [x] two\n\n> [!NOTE]\n> Mind this.\n\nBye\n`;
/** Ten components with words between, so that no two of them grow together. */
const TEN_TABLES = Array.from({ length: 10 }, (_, index) => `Table ${index}\n\n${TABLE}`).join('\n');

interface JsonBlock {
  readonly component: string;
  readonly version: string;
  readonly props: { readonly content?: string };
  readonly meta?: object;
  readonly fallback?: string;
}

const utf8 = (latin1: string) => Buffer.from(latin1, 'latin1').toString();
const jsonOf = ({ body }: RawAnswer) =>
  JSON.parse(utf8(body)) as { blocks: JsonBlock[]; design: Record<string, string> };

/** The events of a stream as a client reads them: one `data` line each, blank lines between. */
function eventsOf({ body }: RawAnswer): string[] {
  const events = utf8(body).split('\n\n');
  expect(events.pop()).toBe('');
  return events.map((event) => {
    expect(event).toMatch(/^data: [^\n]+$/);
    return event.slice('data: '.length);
  });
}

async function enhanceAs(key: string, body: object, query = '?stream=false'): Promise<RawAnswer> {
  const answer = await http.enhance([keyHeader(key)], body, query);
  expect(answer.status).toBe(200);
  expect(headerOf(answer, 'cache-control')).toBe('no-store');
  expect(headerOf(answer, 'x-request-id')).toMatch(/^req_/);
  return answer;
}

describe('the key is accepted', () => {
  it.each<[string, (key: string) => Header]>([
    ['x-outkit-api-key', (key) => keyHeader(key)],
    ['X-OUTKIT-API-KEY', (key) => ['X-OUTKIT-API-KEY', key]],
    ['Bearer', (key) => ['Authorization', `Bearer ${key}`]],
    ['bearer', (key) => ['authorization', `bearer ${key}`]],
    ['BEARER', (key) => ['AUTHORIZATION', `BEARER ${key}`]],
    // White space around a header's value is no part of it: RFC 9110, section 5.5.
    ['with white space around the value', (key) => keyHeader(` \t${key} `)],
  ])('in %s', async (_, header) => {
    for (const environment of ['development', 'staging', 'production'] as const) {
      const { plaintext } = await http.createKey({ environment });
      const answer = await http.send({ headers: [header(plaintext)] });
      expect(answer.status).toBe(200);
      expect(headerOf(answer, 'www-authenticate')).toBeNull();
    }
  });
});

describe('JSON mode', () => {
  it('gives blocks in the order of the document, and the design of the profile', async () => {
    const { plaintext } = await http.createKey();
    const answer = await enhanceAs(plaintext, { content: DOCUMENT });
    expect(headerOf(answer, 'content-type')).toMatch(/^application\/json/);
    const { blocks, design } = jsonOf(answer);
    expect(blocks.map(({ component }) => component)).toEqual(['text', 'table', 'checkbox', 'alert', 'text']);
    expect(blocks[0]).toMatchObject({ version: '1.0', props: { content: 'Hello\n\n', variant: 'prose' } });
    expect(blocks[1]).toMatchObject({
      version: '1.0',
      props: { columns: ['a', 'b'], rows: [{ a: expect.anything(), b: 'x' }] },
      meta: { confidence: 1 },
    });
    expect(design).toMatchObject({ '--outkit-primary': expect.stringMatching(/^#/) });
  });

  it('gives no block for an empty document', async () => {
    const { plaintext } = await http.createKey();
    expect(jsonOf(await enhanceAs(plaintext, { content: '' })).blocks).toEqual([]);
  });

  it('tells names of prototypes in a table like any other', async () => {
    const { plaintext } = await http.createKey();
    const content = '| __proto__ | constructor |\n|---|---|\n| polluted | x |\n';
    const { blocks } = jsonOf(await enhanceAs(plaintext, { content }));
    expect(JSON.stringify(blocks)).toContain('polluted');
  });
});

describe('SSE mode, the default', () => {
  it('says the design, a block for each event in compact keys, then [DONE]', async () => {
    const { plaintext } = await http.createKey();
    const body = { content: DOCUMENT, preferences: { fallbackPolicy: 'always' } };
    const { blocks, design } = jsonOf(await enhanceAs(plaintext, body));
    for (const query of ['', '?stream=true']) {
      const answer = await enhanceAs(plaintext, body, query);
      expect(headerOf(answer, 'content-type')).toBe('text/event-stream; charset=utf-8');
      const events = eventsOf(answer);
      expect(JSON.parse(events.shift() ?? '')).toEqual({ type: 'meta', design });
      expect(events.pop()).toBe('[DONE]');
      const compact = blocks.map(({ component: c, version: v, props: p, meta: m, fallback: f }) => ({ c, v, p, m, f }));
      expect(events.map((event) => JSON.parse(event))).toEqual(JSON.parse(JSON.stringify(compact)));
    }
  });

  it('keeps one event one event, whatever line ends the text has', async () => {
    const { plaintext } = await http.createKey();
    const content = 'a\n\ndata: [DONE]\n\nb\r\rc\u2028d\u2029e\0f';
    const events = eventsOf(await enhanceAs(plaintext, { content }, ''));
    const texts = events.slice(1, -1).map((event) => (JSON.parse(event) as { p: { content: string } }).p.content);
    expect(texts.join('')).toBe(content);
    expect(events.filter((event) => event === '[DONE]')).toHaveLength(1);
  });
});

describe('the plan of the profile', () => {
  it.each([
    ['free', 5],
    ['pro', 8],
  ] as const)('%s builds at most %i components, the rest is text with its fallback', async (plan, limit) => {
    const { id } = await http.server.profiles.create({ name: plan, plan, design: { '--outkit-primary': '#123456' } });
    const { plaintext } = await http.createKey({ profileId: id });
    const { blocks, design } = jsonOf(await enhanceAs(plaintext, { content: TEN_TABLES }));
    expect(design).toEqual({ '--outkit-primary': '#123456' });
    expect(blocks.filter(({ component }) => component === 'table')).toHaveLength(limit);
    const last = blocks.at(-1);
    expect(last).toMatchObject({ component: 'text', fallback: last?.props.content });
    expect(last?.fallback).toContain('Table 9');
  });

  it('is a ceiling: a preference can lower it, never raise it', async () => {
    const { id } = await http.server.profiles.create({ name: 'Free', plan: 'free', design: {} });
    const { plaintext } = await http.createKey({ profileId: id });
    for (const [maxComponents, built] of [
      [2, 2],
      [100, 5],
    ]) {
      const answer = await enhanceAs(plaintext, { content: TEN_TABLES, preferences: { maxComponents } });
      expect(jsonOf(answer).blocks.filter(({ component }) => component === 'table')).toHaveLength(built ?? 0);
    }
  });

  it('is that of the key, whatever headers say about it', async () => {
    const { id } = await http.server.profiles.create({ name: 'Free', plan: 'free', design: {} });
    const { plaintext } = await http.createKey({ profileId: id });
    const headers: Header[] = [
      keyHeader(plaintext),
      ['x-outkit-profile', http.server.profileId],
      ['x-outkit-plan', 'pro'],
    ];
    const { blocks } = jsonOf(await http.enhance(headers, { content: TEN_TABLES }, '?stream=false'));
    expect(blocks.filter(({ component }) => component === 'table')).toHaveLength(5);
  });
});

describe('GET /components', () => {
  it('lists every component with the schema of its props', async () => {
    const { plaintext } = await http.createKey();
    const answer = await http.send({ headers: [keyHeader(plaintext)] });
    const { components } = JSON.parse(answer.body) as { components: { component: string; props: object }[] };
    const names = components.map(({ component }) => component);
    expect(names).toEqual(['text', 'table', 'chart', 'alert', 'checkbox', 'steps', 'code']);
    for (const { props } of components) expect(props).toMatchObject({ type: 'object' });
    expect(headerOf(answer, 'cache-control')).toBe('no-store');
  });
});

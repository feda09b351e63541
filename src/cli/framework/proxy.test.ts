import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestServer } from '../../../test/local-server.ts';
import { mintSecret } from '../../core/secret.ts';
import { pageText } from './page-next.ts';
import { codeOf, listen, runTemplate, TEMPLATES, temporaryDirectory, typesOfApps } from './proxy.fixture.ts';

let server: TestServer;
let key = '';
beforeAll(async () => {
  server = await TestServer.start();
  const { profileId } = server;
  const request = {
    profileId,
    name: 'app',
    environment: 'development',
    rateLimitPerMinute: 10_000,
    expiresAt: null,
  } as const;
  key = (await server.keys.create({ ...request, secret: null })).key ?? '';
});
afterAll(() => server.stop());
afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

const logged: string[] = [];
beforeEach(() => {
  logged.length = 0;
  const log = (...words: unknown[]) => void logged.push(words.join(' '));
  // A log of its own for each test: the same error is told once a minute.
  vi.stubGlobal('console', { ...console, error: log, warn: log });
  vi.stubEnv('OUTKIT_API_KEY', key);
  vi.stubEnv('OUTKIT_API_URL', undefined);
});

function post(url: string, body: unknown = { content: '- [x] done' }, more: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...more,
  });
}

async function outcome(answer: Response): Promise<readonly [status: number, code: unknown]> {
  return [answer.status, ((await answer.json()) as { code?: unknown }).code];
}

describe.each(TEMPLATES)('the proxy for %s', (template) => {
  it('lets nobody in until somebody has written a check', async () => {
    const before = server.lines.length;
    const answer = await post(await runTemplate(template, server.url, 'return false;'));
    expect(await outcome(answer)).toEqual([401, 'unauthorized']);
    expect(server.lines).toHaveLength(before);
  });

  it('streams what the renderer answers, and shows the browser nothing of the key', async () => {
    const answer = await post(await runTemplate(template, server.url));
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching('text/event-stream'),
    ]);
    expect(text).toMatch(/"type":"meta"[\s\S]*"checkbox"[\s\S]*\[DONE\]/);
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(text + JSON.stringify([...answer.headers])).not.toContain(key.slice(8));
    expect(logged).toEqual([]);
  });

  it('passes the query on, and the refusal of a bad body', async () => {
    const url = await runTemplate(template, server.url);
    expect(await (await post(`${url}?stream=false`)).json()).toMatchObject({ blocks: [{ component: 'checkbox' }] });
    expect((await post(url, { content: 7 })).status).toBe(422);
  });

  it('makes a refused key a 502, told in the log of the app without the key', async () => {
    const unknown = mintSecret('development', (bytes) => crypto.getRandomValues(bytes));
    vi.stubEnv('OUTKIT_API_KEY', unknown);
    const answer = await post(await runTemplate(template, server.url));
    expect(await outcome(answer)).toEqual([502, 'renderer_refused_key']);
    expect(logged).toEqual([expect.stringMatching(/^Outkit: http\S+ refuses .*OUTKIT_API_KEY.*'outkit keys list'/)]);
    expect(logged.join()).not.toContain(unknown.slice(8));
  });

  it('takes the address from OUTKIT_API_URL, and makes no answer a 502', async () => {
    vi.stubEnv('OUTKIT_API_URL', 'http://127.0.0.1:1');
    const answer = await post(await runTemplate(template, server.url));
    expect(await outcome(answer)).toEqual([502, 'renderer_unreachable']);
    expect(logged).toEqual([
      expect.stringMatching(/^Outkit: no answer from http:\/\/127.0.0.1:1.*is OUTKIT_API_URL right\?$/),
    ]);
  });

  it('does not repeat a key in the log that no header can carry', async () => {
    vi.stubEnv('OUTKIT_API_KEY', `${key}\u2028x`);
    expect(await outcome(await post(await runTemplate(template, server.url)))).toEqual([502, 'proxy_misconfigured']);
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toContain(key.slice(8));
  });

  it('sends the key to no place that the renderer redirects to', async () => {
    let visited = false;
    const elsewhere = await listen(
      createServer((_, response) => {
        visited = true;
        response.end();
      }),
    );
    const redirecting = await listen(
      createServer((_, response) => response.writeHead(307, { location: elsewhere }).end()),
    );
    const answer = await post(await runTemplate(template, new URL(redirecting).origin), undefined, {
      redirect: 'manual',
    });
    expect(answer.headers.get('location')).toBeNull();
    expect(await outcome(answer)).toEqual([502, 'renderer_unexpected']);
    expect(visited).toBe(false);
  });

  it('ends the request to the renderer when the browser goes away', async () => {
    const hanging = createServer(
      (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'),
    );
    const closed = new Promise((resolve) => hanging.once('request', (request) => request.once('close', resolve)));
    const connected = once(hanging, 'request');
    const gone = new AbortController();
    const url = await runTemplate(template, new URL(await listen(hanging)).origin);
    const answer = post(url, undefined, { signal: gone.signal });
    await connected;
    await (await answer).body?.getReader().read();
    gone.abort();
    await closed;
  });
});

describe('the templates', () => {
  it.each(TEMPLATES)('for %s is short, and the marked check stands before all else', (template) => {
    const lines = codeOf(template, server.url)
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
    expect(lines.length).toBeLessThanOrEqual(18);
    expect(codeOf(template, server.url).indexOf('YOUR CHECK GOES HERE')).toBeLessThan(400);
  });

  it.each(TEMPLATES)('for %s makes no code of an address', (template) => {
    expect(codeOf(template, "https://a'+alert(1)+'.example")).toContain("'https://a\\'+alert(1)+\\'.example'");
  });

  it.each([
    ['Node', ['es2024'], 'nodenext'],
    ['browsers too', ['es2024', 'dom', 'dom.iterable'], 'preserve'],
  ])('compile strictly in a project with the types of %s', (_, lib, module) => {
    const directory = temporaryDirectory();
    for (const template of TEMPLATES) {
      writeFileSync(join(directory, `${template.replaceAll(/\W+/g, '-')}.ts`), codeOf(template, server.url, true));
    }
    // A page is one of a browser.
    if (lib.includes('dom')) writeFileSync(join(directory, 'page.tsx'), pageText('page.tsx', true));
    writeFileSync(join(directory, 'frameworks.d.ts'), FRAMEWORK_TYPES);
    const compilerOptions = {
      lib,
      module,
      target: 'es2024',
      strict: true,
      noEmit: true,
      types: ['node'],
      skipLibCheck: true,
      jsx: 'preserve',
      paths: typesOfApps(directory),
    };
    const strict = {
      noUnusedLocals: true,
      noUnusedParameters: true,
      noImplicitReturns: true,
      exactOptionalPropertyTypes: true,
    };
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...strict } }),
    );
    const tsc = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url));
    expect(problemsOf(() => execFileSync(tsc, ['-p', directory], { cwd: directory, encoding: 'utf8' }))).toBe('');
  });
});

const FRAMEWORK_TYPES = `
declare module 'h3' { export type H3Event = NuxtEvent; }
declare module '@sveltejs/kit' { export interface RequestEvent { request: Request; locals: object; } }
declare module 'astro' { export interface APIContext { request: Request; locals: object; } }
declare module 'react' {
  export function useState<T>(initial: T): [T, (next: T | ((now: T) => T)) => void];
}
declare namespace JSX {
  interface Event { target: { value: string } }
  interface IntrinsicElements {
    [name: string]: { [name: string]: unknown; onChange?: (event: Event) => void };
  }
}
declare module '$env/dynamic/private' { export const env: Record<string, string | undefined>; }
declare module 'astro:env/server' { export function getSecret(name: string): string | undefined; }
declare function defineEventHandler<T>(handler: (event: NuxtEvent) => T): (event: NuxtEvent) => T;
declare function toWebRequest(event: NuxtEvent): Request;
interface NuxtEvent { node: { res: import('node:http').ServerResponse } }
`;

function problemsOf(run: () => unknown): string {
  try {
    run();
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

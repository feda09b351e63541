import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { keyFromEnvFile } from '../../src/proxy/node.ts';
import { createOutkitProxy, type OutkitProxyOptions } from '../../src/proxy/proxy.ts';
import { APPS, startApp } from './proxy-apps.ts';
import { ServerForTests } from './server-for-tests.ts';

const http = new ServerForTests();
const DAY_MS = 24 * 60 * 60 * 1000;

function proxyFor(key: OutkitProxyOptions['key']) {
  const log: string[] = [];
  const proxy = createOutkitProxy({
    ...(key !== undefined && { key }),
    apiUrl: http.server.url,
    authorize: () => true,
    log: {
      warn: (message) => void log.push(`warn: ${message}`),
      error: (message) => void log.push(`error: ${message}`),
    },
  });
  return { proxy, log };
}

function post(url: string, content = '- [x] done', query = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url + query, { method: 'POST', headers, body: JSON.stringify({ content }) });
}

const ask = (proxy: (request: Request) => Promise<Response>, query = '?stream=false') =>
  proxy(
    new Request(`http://app.example/${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"content":"- [x] done"}',
    }),
  );
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: unknown }).code];

describe.each(APPS)('the renderer through %s', (app) => {
  it('gives the same document as without the proxy, streamed and whole, and no key', async () => {
    const { plaintext } = await http.createKey();
    const { proxy, log } = proxyFor(plaintext);
    const url = await startApp(app, proxy);
    const content = `# Títle 漢\n\n|a|b|\n|-|-|\n|1|2|\n\n- [ ] task 👩🏽‍💻\n\n${'long text '.repeat(20_000)}`;
    for (const query of ['', '?stream=true', '?stream=false']) {
      const [through, direct] = await Promise.all([
        post(url, content, query),
        fetch(`${http.server.url}/render/enhance${query}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-outkit-api-key': plaintext },
          body: JSON.stringify({ content }),
        }),
      ]);
      const text = await through.text();
      expect([through.status, through.headers.get('content-type')]).toEqual([200, direct.headers.get('content-type')]);
      expect(text === (await direct.text())).toBe(true);
      expect(text + JSON.stringify([...through.headers])).not.toContain(plaintext.slice(8));
    }
    expect(log).toEqual([]);
  });

  it('says how long to wait over the limit', async () => {
    const { plaintext } = await http.createKey({ rateLimitPerMinute: 1 });
    const url = await startApp(app, proxyFor(plaintext).proxy);
    await (await post(url)).text();
    const limited = await post(url);
    expect([limited.status, limited.headers.get('ratelimit')]).toEqual([429, null]);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('does not tell the browser that the key was revoked, but the log what to do', async () => {
    const key = await http.createKey();
    const { proxy, log } = proxyFor(key.plaintext);
    const url = await startApp(app, proxy);
    await http.server.keys.revoke(key.id, null);
    const refused = await post(url);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([502, null]);
    expect(await refused.text()).toBe(
      '{"error":"RendererRefused","detail":"The renderer does not serve this app: the log of the app says why","code":"renderer_refused_key"}',
    );
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^error: Outkit: .* refuses .*'outkit keys list'/);
  });
});

describe('the proxy', () => {
  it('warns once that the secret is an old one, with its last moment', async () => {
    const key = await http.createKey();
    const { proxy, log } = proxyFor(key.plaintext);
    await http.rotate(key, DAY_MS);
    const answers = [await ask(proxy), await ask(proxy)];
    for (const { status, headers } of answers) {
      expect([status, headers.get('deprecation'), headers.get('sunset')]).toEqual([200, null, null]);
    }
    const end = new Date(http.server.now() + DAY_MS).toISOString();
    expect(log).toEqual([expect.stringMatching(/^warn: Outkit: .* is the old secret of a rotated key and ends at /)]);
    expect(log[0]).toContain(end);
  });

  it('takes a key that was rotated from its environment without a restart', async () => {
    const key = await http.createKey();
    const { proxy } = proxyFor(undefined);
    vi.stubEnv('OUTKIT_API_KEY', key.plaintext);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await ask(proxy)).status).toBe(200);
    const next = await http.rotate(key, 0);
    expect((await ask(proxy)).status).toBe(502);
    vi.stubEnv('OUTKIT_API_KEY', next);
    expect((await ask(proxy)).status).toBe(200);
  });

  it('takes a key that was rotated from an env file that was replaced, and says what is missing while there is none', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'outkit-env-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const path = join(directory, '.env.local');
    const replace = (value: string) => {
      writeFileSync(`${path}.new`, `A=1\nOUTKIT_API_KEY=${value}\n`);
      renameSync(`${path}.new`, path);
    };
    const key = await http.createKey();
    const { proxy, log } = proxyFor(keyFromEnvFile(path));
    expect(await codeOf(await ask(proxy))).toEqual([502, 'proxy_misconfigured']);
    expect(log).toEqual([expect.stringMatching(/is not set.*'outkit keys create'/)]);
    replace(key.plaintext);
    expect((await ask(proxy)).status).toBe(200);
    replace(await http.rotate(key, 0));
    expect((await ask(proxy)).status).toBe(200);
  });

  it('sends nothing that is no key, whatever the variable holds', async () => {
    const { proxy, log } = proxyFor(undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { plaintext } = await http.createKey();
    const before = http.server.lines.length;
    for (const wrong of [
      '',
      ' ',
      `${plaintext} `,
      `"${plaintext}"`,
      plaintext.slice(1),
      `${plaintext}\n`,
      `${plaintext}漢`,
    ]) {
      vi.stubEnv('OUTKIT_API_KEY', wrong);
      expect(await codeOf(await ask(proxy))).toEqual([502, 'proxy_misconfigured']);
    }
    expect(http.server.lines).toHaveLength(before);
    expect(log).toHaveLength(2);
    expect(log.join()).not.toContain(plaintext.slice(9));
  });
});

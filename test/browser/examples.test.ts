import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DevServer, startDev } from '../acceptance/dev-server.ts';
import { ExampleApp, type LightExample, runInstalled } from '../acceptance/example-app.ts';
import { BrowserForTests } from './browser.ts';
import { projectWithKey, renderInBrowser } from './example-walk.ts';
import { Sightings } from './sightings.ts';

const browser = new BrowserForTests();
let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

const buildVite = (directory: string) => runInstalled('vite/bin/vite.js', ['build', '--logLevel', 'error'], directory);

async function startExample(name: LightExample): Promise<{ app: ExampleApp; plaintext: string }> {
  const { project, plaintext } = await projectWithKey(server);
  const app = await ExampleApp.start(project, name, name === 'vite' ? buildVite : undefined);
  onTestFinished(() => app.stop());
  return { app, plaintext };
}

describe.each(['express', 'fastify', 'hono', 'vite'] as const)('the %s example', (name) => {
  it('shows a table and a checklist in a browser that never gets the key', async () => {
    const { app, plaintext } = await startExample(name);
    await renderInBrowser(await browser.open(app.url, { javaScriptEnabled: true }), plaintext);
  });
});

it('the search finds a key that an app gives away, wherever it is', async () => {
  const { app, plaintext } = await startExample('express');
  const page = await browser.open(app.url, { javaScriptEnabled: true });
  const sightings = new Sightings(page.context());
  await page.route('/api/leak', (route) =>
    route.fulfill({ headers: { 'x-debug': btoa(`key ${plaintext}`) }, body: 'x' }),
  );
  await page.goto('/');
  await page.evaluate(async (key) => {
    localStorage.setItem('key', key);
    // biome-ignore lint/suspicious/noDocumentCookie: as careless apps do.
    document.cookie = `key=${key}`;
    history.replaceState({ key }, '');
    await caches.open('keys').then((cache) => cache.put('/key', new Response(key)));
    await (await fetch('/api/leak', { method: 'POST', body: `{"key":"${key}"}` })).text();
  }, plaintext);
  const places = new Set((await sightings.placesOf(plaintext, page)).map((found) => found.replace(/^\d+ |: .*$/g, '')));
  expect(places).toEqual(
    new Set(['POST /api/leak request', 'POST /api/leak answer', 'localStorage', 'history', 'caches', 'cookies']),
  );
});

it('doctor finds no key in what Vite builds of the example', async () => {
  const { app } = await startExample('vite');
  const { stdout } = await app.project.run(['doctor', '--json']);
  const { checks } = JSON.parse(stdout) as { checks: readonly { name: string; verdict: string; detail: string }[] };
  expect(checks.find(({ name }) => name === 'build')).toMatchObject({
    verdict: 'pass',
    detail: expect.stringMatching(/^no key in \d+ files? of dist/),
  });
});

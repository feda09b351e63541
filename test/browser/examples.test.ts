import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type DevServer, startDev } from '../acceptance/dev-server.ts';
import { ExampleApp, type LightExample, runInstalled } from '../acceptance/example-app.ts';
import { KEY, type Project } from '../acceptance/outkit.ts';
import { BrowserForTests } from './browser.ts';
import { Sightings } from './sightings.ts';

const browser = new BrowserForTests();
let server: DevServer;
beforeAll(async () => {
  server = await startDev();
});
afterAll(() => server.stop());

const buildVite = (directory: string) => runInstalled('vite/bin/vite.js', ['build', '--logLevel', 'error'], directory);

/** A project that has a key in its env file, made by the command line. */
async function projectWithKey(): Promise<{ project: Project; plaintext: string }> {
  const project = server.newProject({ env: { OUTKIT_API_URL: server.url, OUTKIT_TOKEN: server.token } });
  onTestFinished(() => project.remove());
  const made = await project.run(['keys', 'create', '-n', 'example', '--env-file']);
  expect(made.exitCode, made.stderr).toBe(0);
  const [plaintext = ''] = KEY.exec(project.read('.env.local')) ?? [];
  return { project, plaintext };
}

async function startExample(name: LightExample): Promise<{ app: ExampleApp; plaintext: string }> {
  const { project, plaintext } = await projectWithKey();
  const app = await ExampleApp.start(project, name, name === 'vite' ? buildVite : undefined);
  onTestFinished(() => app.stop());
  return { app, plaintext };
}

describe.each(['express', 'fastify', 'hono', 'vite'] as const)('the %s example', (name) => {
  it('shows a table and a checklist in a browser that never gets the key', async () => {
    const { app, plaintext } = await startExample(name);
    const page = await browser.open(app.url, { javaScriptEnabled: true });
    const sightings = new Sightings(page.context());
    const problems: string[] = [];
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto('/');
    const press = (label: string) => page.getByRole('button', { name: label }).click();

    await press('Render');
    await page.getByRole('alert').filter({ hasText: 'You may not render here: sign in first' }).waitFor();
    await press('Sign in');
    await page.locator('#sign-in:disabled').waitFor();
    await press('Render');

    await page.getByRole('cell', { name: 'cold brew' }).waitFor();
    expect(await page.getByRole('columnheader').allTextContents()).toEqual([
      'method',
      'time',
      'coffee for 1 l',
      'taste',
    ]);
    expect(await page.getByRole('row').count()).toBe(4);
    const boxes = await page.getByRole('checkbox').all();
    expect(await Promise.all(boxes.map((box) => box.isChecked()))).toEqual([true, false, false]);
    expect(await page.getByText('Cold brew keeps for a week').isVisible()).toBe(true);

    expect(await sightings.placesOf(plaintext, page)).toEqual([]);
    expect(sightings.places.filter((place) => place.endsWith('POST /api/outkit answer'))).toHaveLength(2);
    expect(problems).toEqual([]);
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

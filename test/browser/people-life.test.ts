import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Project } from '../acceptance/outkit.ts';
import { ServeProcess } from '../acceptance/serve-process.ts';
import { BrowserForTests } from './browser.ts';
import { goBy } from './go-by.ts';

const browser = new BrowserForTests();
const PASSWORD = 'correct horse battery staple';

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

const press = (page: Page, name: string) => goBy(page.getByRole('button', { name, exact: true }));

async function setUp(server: ServeProcess): Promise<Page> {
  const page = await browser.open(server.url);
  await page.goto(server.setupLink);
  const account = { 'Your e-mail address': 'olga@example.com', 'Your name': 'Olga' };
  await fill(page, { ...account, Password: PASSWORD, 'Password again': PASSWORD, 'Name of your team': 'Engines' });
  await press(page, 'Set up');
  return page;
}

/** Logs a machine in: its terminal shows the code, and the person types it into the browser and answers. */
async function logIn(machine: Project, page: Page, answer: 'Let it in' | 'Send it away') {
  const terminal = machine.terminal(['login', '--no-browser']);
  await terminal.waitFor('Waiting');
  const code = /Code {2}([A-Z]{4}-[A-Z]{4})/.exec(terminal.screen())?.[1] ?? '';
  await page.goto('/device');
  await fill(page, { Code: code });
  await press(page, 'Go on');
  const asking = await page.getByRole('main').textContent();
  await press(page, answer);
  return { exitCode: await terminal.exitCode, screen: terminal.screen(), output: terminal.output(), asking };
}

describe('people on a real server, in a real browser, with the real command line', () => {
  it('come in by setup link and invitation, log in by code, work in their role, and are out at once when removed', async () => {
    const server = await ServeProcess.start();
    const owner = await setUp(server);
    const laptop = server.newMachine();
    const { exitCode, screen, asking } = await logIn(laptop, owner, 'Let it in');
    expect(exitCode).toBe(0);
    expect(screen).toContain(`Logged in to ${server.url} as olga@example.com (teams: Engines)`);
    expect(asking).toMatch(/outkit\/\d[\s\S]*127\.0\.0\.1/);

    const profile = (await laptop.run(['profiles', 'create', '-n', 'Web', '--use'])).stdout.trim();
    const key = (await laptop.run(['keys', 'create', '-n', 'ci'])).stdout.trim();
    const render = () =>
      fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': key } }).then(({ status }) => status);
    expect(await render()).toBe(200);

    const link = (await laptop.run(['people', 'invite', 'grace@example.com'])).stdout.trim();
    const grace = await browser.open(server.url);
    await grace.goto(link);
    await fill(grace, { 'Your name': 'Grace', Password: PASSWORD, 'Password again': PASSWORD });
    await press(grace, 'Make an account and join');
    const desktop = server.newMachine();
    desktop.write('outkit.json', JSON.stringify({ profile }));
    expect((await logIn(desktop, grace, 'Let it in')).exitCode).toBe(0);
    const listed = await desktop.run(['keys', 'list']);
    expect([listed.exitCode, listed.stdout]).toEqual([0, expect.stringContaining('\tci\t')]);
    const id = listed.stdout.split('\t')[0] ?? '';
    expect(await desktop.run(['keys', 'revoke', id, '-y'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('You are a member of this team, and this needs an admin'),
    });

    expect((await laptop.run(['people', 'remove', 'grace@example.com', '-y'])).exitCode).toBe(0);
    expect((await desktop.run(['keys', 'list'])).exitCode).toBe(3);
    expect((await laptop.run(['keys', 'revoke', id, '-y'])).exitCode).toBe(0);
    expect(await render()).toBe(401);

    const { data } = JSON.parse((await laptop.run(['audit', '--json'])).stdout);
    const done = data.map(({ action, actor }: { action: string; actor: string }) => `${actor} ${action}`);
    expect(done).toEqual(
      expect.arrayContaining([
        'olga@example.com device.approve',
        'olga@example.com key.create',
        'grace@example.com invitation.accept',
        'olga@example.com member.remove',
        'olga@example.com key.revoke',
      ]),
    );
    expect((await laptop.run(['audit', 'verify'])).exitCode).toBe(0);

    expect((await laptop.run(['logout'])).exitCode).toBe(0);
    expect((await laptop.run(['whoami'])).exitCode).toBe(4);
    expect(await server.stop()).toBe(0);
    expectNoSecret(server, [key, PASSWORD, link.slice(-43), new URL(server.setupLink).search.slice(-43)]);
  });

  it('send a program away that they did not start, and it has nothing', async () => {
    const server = await ServeProcess.start();
    const owner = await setUp(server);
    const machine = server.newMachine();
    const { exitCode, screen } = await logIn(machine, owner, 'Send it away');
    expect(exitCode).toBe(4);
    expect(screen).not.toContain('Logged in');
    expect((await machine.run(['whoami'])).exitCode).toBe(4);
  });
});

/** Neither in its log nor in any file that it wrote. */
function expectNoSecret(server: ServeProcess, secrets: readonly string[]): void {
  const data = join(server.directory, 'outkit-data');
  const texts = readdirSync(data).map((name) => readFileSync(join(data, name), 'latin1'));
  expect(texts.some((text) => text.includes('olga@example.com'))).toBe(true);
  expect(server.log).toContain('"path":"/v1/me"');
  const found = secrets.filter((secret) => [...texts, server.log].some((text) => text.includes(secret)));
  expect(found).toEqual([]);
}

import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { startDev } from '../../acceptance/dev-server.ts';
import { BrowserForTests } from '../browser.ts';

const browser = new BrowserForTests();

it('outkit open gives a link into the dashboard of outkit dev that lets one browser in, once', async () => {
  const dev = await startDev();
  onTestFinished(() => dev.stop());
  const { key } = await dev.newKey({ name: 'made elsewhere' });
  const { stdout } = await dev.project.run(['open', '--json']);
  const { url, source, link } = JSON.parse(stdout);
  expect([url, source]).toEqual([dev.url, 'dev']);
  expect(link).toContain(`${dev.url}/open/`);

  const page = await browser.open(dev.url, { javaScriptEnabled: true });
  await page.goto('/');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Open the dashboard by its link');
  await page.goto(link);
  await page.waitForURL('**/keys');
  await page.getByRole('link', { name: 'made elsewhere' }).click();
  await page.getByText(key.id).waitFor();
  await page.reload();
  await page.getByText(key.id).waitFor();
  await page.getByRole('button', { name: 'Account' }).click();
  expect(await page.getByRole('menu').textContent()).toContain('This machine');
  expect(await page.getByRole('menuitem', { name: 'Sign out' }).count()).toBe(0);

  const other = await browser.open(dev.url, { javaScriptEnabled: true });
  await other.goto(link);
  expect(await other.getByRole('heading', { level: 1 }).textContent()).toBe('This link has ended');
  await other.goto('/keys');
  expect(await other.getByRole('heading', { level: 1 }).textContent()).toBe('Open the dashboard by its link');
});

it('outkit open hands the browser a page that only its user can read: the link stands in the arguments of no program', async () => {
  const dev = await startDev();
  onTestFinished(() => dev.stop());
  const { project } = dev;
  mkdirSync(`${project.home}/bin`);
  project.write('../bin/xdg-open', '#!/bin/sh\nprintf "%s\\n" "$@" >"$HOME/opened"\n');
  chmodSync(`${project.home}/bin/xdg-open`, 0o755);
  const env = { DISPLAY: ':0', PATH: `${project.home}/bin:${project.environment()['PATH']}` };
  const terminal = project.terminal(['open'], { env });
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.screen()).toContain(`${dev.url}/open/`);

  const opened = project.read('../opened').trimEnd();
  expect(opened).toBe(project.path('.outkit/open.html'));
  expect(statSync(opened).mode & 0o777).toBe(0o600);
  const page = await browser.open(dev.url, { javaScriptEnabled: true });
  await page.goto(pathToFileURL(opened).href);
  await page.waitForURL(`${dev.url}/keys`);
  await page.getByRole('heading', { level: 1 }).waitFor();
});

it('the dashboard makes a profile in the local team, since a page of the server asks for it', async () => {
  const dev = await startDev();
  onTestFinished(() => dev.stop());
  const link = (await dev.project.run(['open'])).stdout.trim();
  const page = await browser.open(dev.url, { javaScriptEnabled: true });
  await page.goto(link);
  await page.getByRole('button', { name: 'Profile: Default' }).click();
  await page.getByRole('menuitem', { name: 'New profile…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Second');
  await page.getByRole('dialog').getByRole('button', { name: 'Create profile' }).click();
  await page.getByRole('button', { name: 'Profile: Second' }).waitFor();
  expect((await dev.project.run(['profiles', 'list'])).stdout).toContain('Second');
});

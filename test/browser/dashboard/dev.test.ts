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

import { expect, it, onTestFinished } from 'vitest';
import { startDev } from '../../acceptance/dev-server.ts';
import { BrowserForTests } from '../browser.ts';

const browser = new BrowserForTests();

it('the dashboard of outkit dev follows its log and renders previews, and says that it has no people and one gateway', async () => {
  const dev = await startDev();
  onTestFinished(() => dev.stop());
  const { key, plaintext } = await dev.newKey({ name: 'local' });
  const page = await browser.open(dev.url, { javaScriptEnabled: true });
  await page.goto((await dev.project.run(['open'])).stdout.trim());
  await page.getByRole('link', { name: 'Live log' }).click();
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  expect((await fetch(`${dev.url}/components`, { headers: { 'x-outkit-api-key': plaintext } })).status).toBe(200);
  await page.getByRole('list', { name: 'Live log' }).getByText(key.start).waitFor();
  await page.getByRole('link', { name: 'Profiles' }).click();
  await page.locator('[data-component="table"]').waitFor();
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('heading', { name: 'There is nobody but you here' }).waitFor();
  await page.getByRole('link', { name: 'Gateways' }).click();
  await page.getByText('This server judges keys by itself').waitFor();
});

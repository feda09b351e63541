import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { TestPerson } from '../../accounts-server.ts';
import { GatewayServers } from '../../gateway-servers.ts';
import { BrowserForTests } from '../browser.ts';

const servers = new GatewayServers();
const browser = new BrowserForTests();

const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

async function open({ credential }: TestPerson): Promise<Page> {
  const { url } = servers.at(0);
  const page = await browser.open(url, { javaScriptEnabled: true });
  await page.context().addCookies([{ name: 'outkit', value: credential, url, httpOnly: true, sameSite: 'Lax' }]);
  return page;
}

it('the gateways of a database, with lease and position; one that an owner evicts comes back under another id', async () => {
  await servers.createKey();
  const page = await open(servers.olga);
  await page.goto('/gateways');
  await row(page, 'gateway-3').getByText('nothing behind').waitFor();
  expect(await row(page, 'gateway-2').textContent()).toMatch(/gateway-2[0-9a-f]{8}1\.2\.3Serving.*change [\d,]+/);
  const before = await row(page, 'gateway-2').locator('code').getAttribute('title');
  await page.getByRole('button', { name: 'Evict gateway-2' }).click();
  await page.getByRole('dialog').getByText('It is serving').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Evict it' }).click();
  await page.getByText('gateway-2 is evicted').waitFor();
  await row(page, 'gateway-2').filter({ hasText: 'Retired' }).waitFor();
  await row(page, 'gateway-2').filter({ hasText: 'Serving' }).waitFor();
  const after = await row(page, 'gateway-2').filter({ hasText: 'Serving' }).locator('code').getAttribute('title');
  expect(after).not.toBe(before);
});

it('how long the last changes took, as a chart and in words', async () => {
  const key = await servers.createKey();
  await servers.as(1).keys.revoke(key.id, null);
  const page = await open(servers.olga);
  await page.goto('/gateways');
  const told = page.getByRole('region', { name: 'Until a change is in force' });
  await told.getByText(/Every gateway confirmed each of them|waited for a lease to end/).waitFor();
  const chart = told.getByRole('img', { name: /How long each of the last \d+ changes took/ });
  await expect.poll(() => chart.locator('rect').count()).toBeGreaterThan(1);
  expect(await told.textContent()).toMatch(/The last \d+ changes: [\d,]+ ms \(p50\), [\d,]+ ms \(p99\)/);
  expect(await chart.locator('title').last().textContent()).toMatch(/told to gateway-\d: \d+ ms on 3\/3 gateways/);
});

it('an admin sees them, and evicts none', async () => {
  const [team] = await servers.as().teams.list();
  const admin = await servers.at(0).join(servers.olga, team?.id ?? '', 'adam@example.com', 'admin');
  const page = await open(admin);
  await page.goto('/gateways');
  await row(page, 'gateway-1').waitFor();
  expect(await page.getByRole('button', { name: /Evict/ }).count()).toBe(0);
});

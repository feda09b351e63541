import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { GatewayServers } from '../../gateway-servers.ts';
import { BrowserForTests } from '../browser.ts';
import { DashboardWorld } from './dashboard-world.ts';

const IMAGES = fileURLToPath(new URL('../../../docs/images', import.meta.url));
const CALLERS = ['storefront/4.2 (node 24)', 'checkout-worker/1.9', 'mobile-backend/12.0'];
/** Pictures are for people, so they are made when somebody asks for them: `OUTKIT_PICTURES=1 npx vitest run test/browser/dashboard/team-pictures.test.ts`. */
const picture = it.runIf(process.env['OUTKIT_PICTURES'] === '1');

const world = new DashboardWorld();
const servers = new GatewayServers();
const browser = new BrowserForTests();

picture(
  'takes the pictures of the log, of profiles and of people',
  async () => {
    const { id: profileId } = await world.newProfile('Storefront');
    const page = await world.open();
    await page.goto('/log');
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
    await requests(profileId);
    await expect.poll(() => page.locator('[data-seq]').count(), { timeout: 20_000 }).toBeGreaterThan(15);
    await inThreeLooks(page, 'log', async () => {
      await page.locator('[data-seq]').nth(2).click();
      await page.getByRole('complementary').waitFor();
    });
    await world.newProfile('Help centre');
    await page.goto(`/profiles?profile=${profileId}`);
    await page.locator('[data-component="code"]').waitFor();
    await inThreeLooks(page, 'profiles');
    await world.server.join(world.owner, world.teamId, 'grace@example.com', 'admin');
    await world.server.join(world.owner, world.teamId, 'alan@example.com', 'member');
    await world.services.people.invite(world.teamId, 'barbara@example.com', 'member');
    await page.goto('/people');
    await page.getByText('barbara@example.com').waitFor();
    await inThreeLooks(page, 'people');
  },
  120_000,
);

picture('takes the pictures of gateways', async () => {
  for (let number = 0; number < 30; number++) {
    const { id } = await servers.createKey(number % 3);
    if (number % 5 === 4) await servers.as((number + 1) % 3).keys.revoke(id, null);
  }
  const { url } = servers.at(0);
  const page = await browser.open(url, { javaScriptEnabled: true });
  const cookie = { name: 'outkit', value: servers.olga.credential, url };
  await page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: 'Lax' }]);
  await page.goto('/gateways');
  await page.getByText('nothing behind').first().waitFor();
  await page.getByRole('img', { name: /How long each of the last/ }).waitFor();
  await page.waitForTimeout(3_000);
  await inThreeLooks(page, 'gateways');
});

/** Some that were served, and some of each that was not. */
async function requests(profileId: string): Promise<void> {
  const [web, mobile, old] = [
    await world.newKey(profileId, { name: 'web', environment: 'production', rateLimitPerMinute: 1_000 }),
    await world.newKey(profileId, { name: 'mobile app', environment: 'production', rateLimitPerMinute: 14 }),
    await world.newKey(profileId, { name: 'old website', environment: 'staging' }),
  ];
  await world.services.keys.revoke(old.id, null);
  for (let call = 0; call < 40; call++) {
    world.server.advance(137 * ((call % 5) + 1));
    const { plaintext } = call % 7 === 3 ? old : call % 2 === 0 ? web : mobile;
    const content =
      call % 11 === 10 ? 1 : '# Plans\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> [!NOTE]\n> it\n'.repeat((call % 3) + 1);
    const headers = {
      'x-outkit-api-key': plaintext,
      'content-type': 'application/json',
      'user-agent': CALLERS[call % CALLERS.length] ?? '',
    };
    const body = JSON.stringify({ content });
    await (await fetch(`${world.server.url}/render/enhance`, { method: 'POST', headers, body })).arrayBuffer();
  }
}

/** `onWide` happens where there is room for it. */
async function inThreeLooks(page: Page, name: string, onWide = async () => {}): Promise<void> {
  for (const [look, colorScheme, width, height] of [
    ['-phone', 'light', 390, 844],
    ['', 'light', 1280, 800],
    ['-dark', 'dark', 1280, 800],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    if (look === '') await onWide();
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${IMAGES}/dashboard-${name}${look}.png` });
  }
}

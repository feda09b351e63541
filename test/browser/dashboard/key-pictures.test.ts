import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/core/clock.ts';
import { DashboardWorld } from './dashboard-world.ts';
import { shownSecret } from './key-steps.ts';

const world = new DashboardWorld();
const IMAGES = fileURLToPath(new URL('../../../docs/images', import.meta.url));
const NO_KEY = 'okd_ThisIsAPictureOfAKeyAndNoKeyAtAll00000';
const CALLS_OF_DAY = [4, 3, 2, 1, 1, 2, 3, 6, 10, 15, 19, 22, 21, 24, 26, 25, 23, 20, 16, 12, 9, 7, 6, 14];
const CALLERS = ['storefront/4.2 (node 24)', 'checkout-worker/1.9', 'storefront/4.2 (node 24)'];

/** Pictures are for people, so they are made when somebody asks for them: `OUTKIT_PICTURES=1 npx vitest run test/browser/dashboard/key-pictures.test.ts`. */
it.runIf(process.env['OUTKIT_PICTURES'] === '1')(
  'takes the pictures of the life of a key',
  async () => {
    const { id: profileId } = await world.newProfile('Storefront');
    const key = await world.newKey(profileId, { name: 'web', environment: 'production', rateLimitPerMinute: 120 });
    const others = await otherKeys(profileId);
    for (const [hour, count] of CALLS_OF_DAY.entries()) {
      for (let call = 0; call < count; call++) await use(key.plaintext, call);
      for (const [index, { plaintext }] of others.entries()) await world.render(plaintext, (hour * (index + 3)) % 7);
      world.server.advance(hour < CALLS_OF_DAY.length - 1 ? HOUR_MS : 40_000);
    }
    for (let call = 0; call < 9; call++) await use(key.plaintext, call);
    const page = await world.open();
    await page.goto('/keys');
    await page.getByRole('img').first().waitFor();
    await inThreeLooks(page, 'keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('feedback form');
    await page.getByRole('button', { name: 'Create key' }).click();
    await shownSecret(page);
    await page.evaluate((text) => {
      const lines = document.querySelectorAll('[role="dialog"] code');
      for (const line of lines) line.textContent = line.textContent?.replace(/ok[dsp]_\w{38}/, text) ?? '';
    }, NO_KEY);
    await inThreeLooks(page, 'new-key');
    await page.reload();
    await page.goto(`/keys/${key.id}`);
    await page.locator('canvas').waitFor();
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page
      .getByRole('dialog')
      .getByText(/requests$/)
      .waitFor();
    await inThreeLooks(page, 'revoke');
    const { plaintext } = await rotated(key.id);
    for (let call = 0; call < 30; call++) await use(call % 6 === 0 ? key.plaintext : plaintext, call);
    await page.goto(`/keys/${key.id}`);
    await page.getByText(/on the old secret/).waitFor();
    await page.locator('canvas').waitFor();
    await inThreeLooks(page, 'key', true);
  },
  120_000,
);

/** Those beside it, of which one is never used and one has ended. */
async function otherKeys(profileId: string) {
  const partner = { name: 'partner: Acme GmbH', expiresAt: world.server.now() + 20 * DAY_MS } as const;
  const used = [
    await world.newKey(profileId, { name: 'mobile app', environment: 'production' }),
    await world.newKey(profileId, { ...partner, environment: 'production' }),
    await world.newKey(profileId, { name: 'batch jobs', environment: 'staging' }),
    await world.newKey(profileId, { name: 'ci pipeline' }),
  ];
  await world.newKey(profileId, { name: 'staging preview', environment: 'staging' });
  const { id } = await world.newKey(profileId, { name: 'old website', environment: 'production' });
  await world.services.keys.revoke(id, 'The website is gone');
  return used;
}

async function rotated(keyId: string) {
  const { plaintext, secret } = world.mint('production');
  await world.services.keys.rotate(keyId, { graceMs: 24 * HOUR_MS, replaceNew: false, secret });
  return { plaintext };
}

/** One request as an app makes it; a few of them ask for what is not there. */
async function use(plaintext: string, call: number): Promise<void> {
  const headers = { 'x-outkit-api-key': plaintext, 'user-agent': CALLERS[call % CALLERS.length] ?? '' };
  const isWrong = call % 23 === 22;
  const answer = isWrong
    ? await fetch(`${world.server.url}/render/enhance`, { method: 'POST', headers })
    : await fetch(`${world.server.url}/components`, { headers });
  await answer.arrayBuffer();
}

async function inThreeLooks(page: Page, name: string, fullPage = false): Promise<void> {
  for (const [look, colorScheme, width, height] of [
    ['', 'light', 1280, 800],
    ['-dark', 'dark', 1280, 800],
    ['-phone', 'light', 390, 844],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${IMAGES}/dashboard-${name}${look}.png`, fullPage: fullPage && width > 390 });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

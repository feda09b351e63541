import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { faultsOf } from '../axe.ts';
import { DashboardWorld, WIDTHS } from './dashboard-world.ts';
import { watchPolicy } from './policy-watch.ts';

const world = new DashboardWorld();

/** Goes to all that these sections show, with long names in it, and calls `look` at each stop. */
async function walk(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  await page.goto('/people');
  await page.getByRole('button', { name: 'Leave' }).waitFor();
  await look('people before the first profile');
  const { id: profileId } = await world.newProfile('W'.repeat(64));
  const key = await world.newKey(profileId, { name: 'x'.repeat(64) });
  await page.goto('/log');
  await page.getByText('Waiting for requests').waitFor();
  await look('an empty log');
  await world.render(key.plaintext, 30);
  await page.locator('[data-seq]').nth(3).click();
  await page.getByRole('complementary').waitFor();
  await look('the log, with one request open');
  await page.goto('/profiles');
  await page.locator('[data-component="code"]').waitFor();
  await look('a profile');
  await page.getByRole('combobox', { name: 'How it is shown' }).click();
  await page.getByRole('option', { name: 'JSON' }).click();
  await page.getByRole('button', { name: /Archive profile/ }).click();
  await page.getByRole('dialog').getByText('1 active key').waitFor();
  await look('a question before the end of a profile');
  await world.services.people.invite(world.teamId, `${'a'.repeat(60)}@${'b'.repeat(60)}.example.com`, 'admin');
  await page.goto('/people');
  await page.getByRole('button', { name: /^Take back/ }).waitFor();
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('E-mail address').fill('grace@example.com');
  await page.getByRole('button', { name: 'Make the link' }).click();
  await page.getByText('It is shown only now').waitFor();
  await look('the link of an invitation');
  await page.getByRole('button', { name: 'Done' }).click();
  await look('people');
  await page.goto('/gateways');
  await page.getByText('This server judges keys by itself').waitFor();
  await look('gateways');
}

it('axe finds no serious fault, in light and in dark, at three widths', async () => {
  const page = await world.open(world.owner, { bypassCSP: true });
  const found: string[] = [];
  await walk(page, async (where) => {
    // The colours of what fades in are not yet those that it has.
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const serious = (await faultsOf(page)).filter(({ impact }) => impact === 'serious' || impact === 'critical');
        found.push(...serious.map(({ rule, element }) => `${where}, ${width}, ${colorScheme}: ${rule} ${element}`));
      }
    }
  });
  expect(found).toEqual([]);
});

it('all of it fits into 320, 390, 820 and 1280 pixels, and nothing is refused by the policy or asked of anybody else', async () => {
  const page = await world.open();
  const { asked, complaints } = watchPolicy(page);
  await walk(page, async (where) => {
    for (const width of [320, ...WIDTHS]) {
      await page.setViewportSize({ width, height: 800 });
      // What is open over the page finds its new place a frame later.
      const shown = () => page.evaluate(() => document.documentElement.scrollWidth);
      await expect.poll(shown, { message: `${where}, ${width}`, timeout: 5_000 }).toBeLessThanOrEqual(width);
    }
  });
  expect([...asked].filter((what) => !what.startsWith(world.server.url))).toEqual([]);
  expect(complaints).toEqual([]);
});

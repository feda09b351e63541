import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/core/clock.ts';
import { faultsOf } from '../axe.ts';
import { DashboardWorld, WIDTHS } from './dashboard-world.ts';
import { shownSecret } from './key-steps.ts';
import { watchPolicy } from './policy-watch.ts';

const world = new DashboardWorld();

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const fail = async (plaintext: string) => {
  const headers = { 'x-outkit-api-key': plaintext, 'user-agent': 'careless/1' };
  await (await fetch(`${world.server.url}/render/enhance`, { method: 'POST', headers })).arrayBuffer();
};

it('the page of a key says what the server counted: over time, how fast, how much is left, who called, and who changed it', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, { rateLimitPerMinute: 50 });
  await world.render(key.plaintext, 2);
  world.server.advance(3 * DAY_MS);
  await world.render(key.plaintext, 3);
  await fail(key.plaintext);
  const page = await world.open();
  await page.goto(`/keys/${key.id}`);
  const requests = panel(page, 'Requests');
  await requests.getByRole('img', { name: '3 served, 1 error, 0 refused' }).waitFor();
  expect(await requests.locator('dl').textContent()).toMatch(
    /^Served3Errors25%Over the limit0Refused0p50[\d.]+ ms.*p99[\d.]+ ms$/,
  );
  for (const [name, served] of [
    ['1 h', 3],
    ['7 days', 5],
    ['90 days', 5],
  ] as const) {
    await requests.getByRole('combobox', { name: 'Time' }).click();
    await page.getByRole('option', { name, exact: true }).click();
    await requests.getByRole('img', { name: `${served} served, 1 error, 0 refused` }).waitFor();
  }
  expect(await panel(page, 'Headroom').textContent()).toContain('46 of 50 requests left');
  expect(await panel(page, 'Last callers').getByRole('listitem').allTextContents()).toEqual([
    expect.stringContaining('careless/1'),
    expect.stringMatching(/^127\.0\.0\.1.*5 requests$/),
  ]);
  const rows = panel(page, 'Latest requests').locator('tbody tr');
  expect(await rows.count()).toBe(6);
  expect(await rows.first().textContent()).toMatch(/4\d\d.*POST \/render\/enhance/);
  expect(await panel(page, 'Changes').getByRole('listitem').allTextContents()).toEqual([
    expect.stringMatching(/^Created by olga@example\.com.*requests a minute: 50 · secret: okd_\w{4}•{8}/),
  ]);
});

it('what is left of the limit follows the requests by itself', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, { rateLimitPerMinute: 20 });
  const page = await world.open();
  await page.goto(`/keys/${key.id}`);
  await panel(page, 'Headroom').getByText('All of it is free.').waitFor();
  await world.render(key.plaintext, 18);
  await page.clock.fastForward(3_000);
  await panel(page, 'Headroom').getByText('of 20 requests left').waitFor();
  await expect.poll(() => panel(page, 'Headroom').textContent()).toContain('2 of 20');
});

it('an old secret counts down, and is safe to end once only the new one is in use', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId);
  const { plaintext, secret } = world.mint('development');
  await world.services.keys.rotate(key.id, { graceMs: 24 * HOUR_MS, replaceNew: false, secret });
  await world.render(key.plaintext);
  await world.render(plaintext);
  world.server.advance(5 * HOUR_MS);
  await world.render(plaintext, 2);
  const page = await world.open();
  await page.goto(`/keys/${key.id}`);
  const rotation = panel(page, 'Rotation');
  await rotation.getByText('Safe to end', { exact: true }).waitFor();
  expect(await rotation.textContent()).toMatch(/25% on the old secret \(1 answer\)75% on the new one/);
  const chart = rotation.getByRole('img', { name: /since the rotation: 1 to the old secret, 3 to the new one/ });
  expect(await chart.locator('g').count()).toBe(6);
  expect(await chart.locator('g').first().locator('rect').count()).toBe(2);
  expect(await chart.locator('g').last().locator('rect').count()).toBe(1);
  const left = () => rotation.locator('strong').textContent();
  expect(await left()).toMatch(/^1[89] h/);
  const before = await left();
  await page.clock.fastForward(61_000);
  await expect.poll(left).not.toBe(before);
});

/** Goes to each dialog of a key's life, and calls `look` there. */
async function walk(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, { name: 'x'.repeat(64), environment: 'production' });
  await world.render(key.plaintext, 2);
  await fail(key.plaintext);
  const dialog = page.getByRole('dialog');
  const press = (name: string) => page.getByRole('button', { name }).click();
  await page.goto('/keys');
  await press('New key');
  await dialog.getByLabel('Requests a minute').fill('x');
  await press('Create key');
  await look('create, with problems');
  await dialog.getByLabel('Name').fill('new');
  await dialog.getByLabel('Requests a minute').fill('');
  await press('Create key');
  await shownSecret(page);
  await look('shown once');
  await page.getByRole('tab', { name: 'GitHub Actions' }).click();
  await look('shown once, another tab');
  await press('Done');
  await look('have you saved it');
  await press('Yes, close');
  await page.goto(`/keys/${key.id}`);
  await page.locator('canvas').waitFor();
  await press('Rotate…');
  await page.getByRole('slider').fill('0');
  await dialog.getByText(/cut off/).waitFor();
  await look('rotate');
  await page.getByRole('slider').fill('7');
  await press('Rotate key');
  await shownSecret(page);
  await press('Done');
  await press('Yes, close');
  await panel(page, 'Rotation')
    .getByText(/requests since|on the old secret/)
    .waitFor();
  await page.getByRole('region', { name: 'Changes' }).getByText('Rotated').waitFor();
  await look('a key that is rotating');
  for (const name of ['End now…', 'New secret lost…', 'Cancel rotation…']) {
    await press(name);
    await dialog.waitFor();
    await look(name);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
  await press('Revoke…');
  await dialog.getByLabel(/to confirm/).fill('x'.repeat(64));
  await look('revoke');
  await press('Revoke key');
  await dialog.getByText(/in force on/).waitFor();
  await look('revoked');
}

it('axe finds no serious fault in what belongs to a key, in light and in dark, at three widths', async () => {
  const page = await world.open(world.owner, { bypassCSP: true });
  const found: string[] = [];
  let looks = 0;
  await walk(page, async (where) => {
    looks += 1;
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // The colours of what fades in are not yet those that it has.
        await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
        const serious = (await faultsOf(page)).filter(({ impact }) => impact === 'serious' || impact === 'critical');
        found.push(...serious.map(({ rule, element }) => `${where}, ${width}, ${colorScheme}: ${rule} ${element}`));
      }
    }
  });
  expect(found).toEqual([]);
  expect(looks).toBe(11);
});

it('what belongs to a key fits into 320 pixels and more, and its policy refuses nothing of it', async () => {
  const page = await world.open();
  const { asked, complaints } = watchPolicy(page);
  await walk(page, async (where) => {
    for (const width of [320, ...WIDTHS]) {
      await page.setViewportSize({ width, height: 800 });
      // A dialog scrolls for itself, so that the document says nothing of it.
      const hidden = () =>
        page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll('[role="dialog"]')].map(
            (element) => element.scrollWidth - element.clientWidth,
          ),
        );
      await expect.poll(async () => [where, width, Math.max(...(await hidden()))]).toEqual([where, width, 0]);
    }
  });
  expect(complaints).toEqual([]);
  expect([...asked].filter((what) => !what.startsWith(`${world.server.url} `))).toEqual([]);
});

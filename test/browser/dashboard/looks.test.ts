import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { DAY_MS } from '../../../src/core/clock.ts';
import { faultsOf } from '../axe.ts';
import { DashboardWorld, WIDTHS } from './dashboard-world.ts';
import { watchPolicy } from './policy-watch.ts';

const world = new DashboardWorld();

/** Goes to all that the dashboard shows, with long names in it, and calls `look` at each stop. */
async function walk(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  await page.goto('/');
  await page.getByRole('heading', { name: 'Begin with a profile' }).waitFor();
  await look('no profile');
  const { id: profileId } = await world.newProfile('W'.repeat(64));
  await page.reload();
  await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
  await look('no keys');
  const key = await world.newKey(profileId, { name: 'x'.repeat(64), expiresAt: world.server.now() + DAY_MS });
  await world.render(key.plaintext, 3);
  const { id } = await world.newKey(profileId, { name: 'revoked', environment: 'production' });
  await world.services.keys.revoke(id, 'Leaked in a screenshot of the build log, which was public for a day');
  await page.goto('/keys?ended=1');
  await page.getByRole('link', { name: 'revoked' }).waitFor();
  await look('keys');
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menu').waitFor();
  await look('account menu');
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('listbox').waitFor();
  await look('a filter');
  await page.keyboard.press('Escape');
  await page.getByLabel('Search keys').fill('nothing');
  await look('no key fits');
  await page.getByRole('button', { name: /Profile:/ }).click();
  await page.getByRole('menuitem', { name: 'New profile…' }).click();
  await page.getByRole('dialog').waitFor();
  await look('a dialog');
  await page.keyboard.press('Escape');
  await page.goto(`/keys/${id}`);
  await page.locator('canvas').waitFor();
  await look('a key');
  await page.goto('/keys/key_zzzzzzzzzzzzzzzz');
  await page.getByRole('alert').waitFor();
  await look('a key that is not there');
}

it('axe finds no serious fault, in light and in dark, at three widths', async () => {
  const page = await world.open(world.owner, { bypassCSP: true });
  const found: string[] = [];
  let looks = 0;
  await walk(page, async (where) => {
    looks += 1;
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
  expect(looks).toBe(9);
});

it('all of it fits into 320, 390, 820 and 1280 pixels', async () => {
  const page = await world.open();
  await walk(page, async (where) => {
    for (const width of [320, ...WIDTHS]) {
      await page.setViewportSize({ width, height: 800 });
      // What is open over the page finds its new place a frame later.
      const shown = () => page.evaluate(() => document.documentElement.scrollWidth);
      await expect.poll(shown, { message: `${where}, ${width}`, timeout: 5_000 }).toBeLessThanOrEqual(width);
    }
  });
});

it('nothing of it is refused by its policy, and nothing is asked of anybody else', async () => {
  const page = await world.open();
  const { asked, complaints } = watchPolicy(page);
  await walk(page, async () => {});
  const own = world.server.url;
  const kinds = ['document', 'fetch', 'script', 'stylesheet', 'image', 'other'].map((kind) => `${own} ${kind}`);
  expect([...asked].filter((what) => !kinds.includes(what))).toEqual([]);
  expect([...asked]).toEqual(expect.arrayContaining([`${own} script`, `${own} stylesheet`, `${own} fetch`]));
  // The key that is not there.
  expect(complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
  const policy = (await page.request.get('/keys')).headers()['content-security-policy'];
  expect(policy).toContain("script-src 'self'; style-src 'self';");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

it('a script that somebody got into a page is refused', async () => {
  const page = await world.open();
  const { complaints } = watchPolicy(page);
  await page.goto('/');
  await page.getByRole('heading', { name: 'Begin with a profile' }).waitFor();
  const ran = await page.evaluate(() => {
    const attempts = [
      () => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="globalThis.ran = true">'),
      () =>
        document.body.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.ran = true' })),
      () =>
        document.body.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' })),
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch {
        // Refused.
      }
    }
    return 'ran' in globalThis || getComputedStyle(document.body).color === 'rgb(255, 0, 0)';
  });
  expect(ran).toBe(false);
  await expect.poll(() => complaints.join('\n')).toMatch(/TrustedHTML[\s\S]*TrustedScript[\s\S]*style-src/);
});

it('the appearance that somebody chose stays, whatever the system says', async () => {
  await world.newProfile();
  const page = await world.open(world.owner, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await page.goto('/');
  await page.getByRole('button', { name: 'Account' }).click();
  const light = await ground();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await ground()).toBe(dark);
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitemradio', { name: 'As the system' }).click();
  expect(await ground()).toBe(light);
});

import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/core/clock.ts';
import { PASSWORD } from '../../accounts-server.ts';
import { DashboardWorld } from './dashboard-world.ts';

const world = new DashboardWorld();

const names = (page: Page) => page.locator('tbody a').allTextContents();
const row = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
/** The texts of these elements as somebody sees them. */
// biome-ignore lint/performance/useDomNodeTextContent: what gives way at this width is not seen.
const seen = (found: Locator) => found.evaluateAll((elements) => elements.map((one) => (one as HTMLElement).innerText));

describe('the first minutes', () => {
  it('lead from the sign-in to a profile, and from there to the way to a key', async () => {
    const page = await world.open(null);
    await page.goto('/');
    await page.getByLabel('E-mail address').fill(world.owner.email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Begin with a profile' }).waitFor();
    await page.getByRole('button', { name: 'Create profile' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Shop');
    await page.getByRole('dialog').getByRole('button', { name: 'Create profile' }).click();
    await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
    expect(await page.getByText('outkit init').isVisible()).toBe(true);
    const [profile] = await world.services.profiles.list();
    expect([profile?.name, new URL(page.url()).searchParams.get('profile')]).toEqual(['Shop', profile?.id]);
  });

  it('say what is wrong with a name, and keep it', async () => {
    const page = await world.open();
    await page.goto('/');
    await page.getByRole('button', { name: 'Create profile' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('x'.repeat(65));
    await dialog.getByRole('button', { name: 'Create profile' }).click();
    await dialog.getByText('must be 1 to 64').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('x'.repeat(65));
    expect(await world.services.profiles.list()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });
});

describe('the table of keys', () => {
  it('shows each key as the service has it: mask, environment, status, last use, and the last day', async () => {
    const { id: profileId } = await world.newProfile();
    const ci = await world.newKey(profileId);
    const web = await world.newKey(profileId, { name: 'web', environment: 'production' });
    await world.render(web.plaintext, 3);
    world.server.advance(2 * HOUR_MS);
    await world.render(web.plaintext, 2);
    world.server.advance(5 * 60_000);
    const page = await world.open();
    await page.goto('/keys');
    await page.getByRole('img', { name: '5 served, 0 errors in the last 24 hours' }).waitFor();
    expect(await seen(row(page, 'web').getByRole('cell'))).toEqual([
      'web',
      `${web.start}••••••••`,
      'Production',
      'Active',
      '5 min. ago',
      '',
    ]);
    expect(await seen(row(page, 'ci').getByRole('cell').nth(4))).toEqual(['never']);
    expect(await page.locator('dl').textContent()).toMatch(/^Active keys2Served in 24 h5Errors0/);
    for (const { plaintext } of [ci, web]) expect(await page.content()).not.toContain(plaintext.slice(8));
  });

  it('follows what happens elsewhere by itself', async () => {
    const { id: profileId } = await world.newProfile();
    const key = await world.newKey(profileId);
    const page = await world.open();
    await page.goto('/keys');
    await row(page, 'ci').waitFor();
    await world.services.keys.revoke(key.id, null);
    await world.newKey(profileId, { name: 'next' });
    await page.clock.fastForward(10_000);
    await row(page, 'next').waitFor();
    expect(await names(page)).toEqual(['next']);
    await page.getByLabel('Show ended').check();
    expect(await row(page, 'ci').getByText('Revoked').isVisible()).toBe(true);
  });

  it('is searched, filtered and sorted, and keeps that in its address, the search apart', async () => {
    const { id: profileId } = await world.newProfile();
    for (const [name, environment] of [
      ['web 9', 'production'],
      ['web 10', 'staging'],
      ['ci', 'development'],
    ] as const) {
      await world.newKey(profileId, { name, environment });
    }
    const page = await world.open();
    await page.goto('/keys');
    await row(page, 'ci').waitFor();
    expect(await names(page)).toEqual(['ci', 'web 10', 'web 9']);
    await page.getByRole('button', { name: 'Name' }).click();
    expect(await names(page)).toEqual(['ci', 'web 9', 'web 10']);
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('combobox', { name: 'Environment' }).click();
    await page.getByRole('option', { name: 'Staging' }).click();
    expect(await names(page)).toEqual(['web 10']);
    expect(await page.getByText('1 of 3 keys').isVisible()).toBe(true);
    expect(new URL(page.url()).search).toContain('sort=name&environment=staging');
    await page.reload();
    await row(page, 'web 10').waitFor();
    expect(await names(page)).toEqual(['web 10']);
    await page.getByLabel('Search keys').fill('nothing like it');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(await names(page)).toHaveLength(3);
    expect(page.url()).not.toMatch(/nothing|staging/);
  });

  it('cuts a whole key that is pasted into the search to its start, and finds it by that', async () => {
    const { id: profileId } = await world.newProfile();
    const { plaintext } = await world.newKey(profileId, { name: 'mine' });
    await world.newKey(profileId, { name: 'other' });
    const page = await world.open();
    await page.goto('/keys');
    await row(page, 'mine').waitFor();
    await page.getByLabel('Search keys').fill(plaintext);
    expect(await page.getByLabel('Search keys').inputValue()).toBe(plaintext.slice(0, 8));
    expect(await names(page)).toEqual(['mine']);
    expect((await page.content()) + page.url()).not.toContain(plaintext.slice(8));
  });

  it('goes by the keyboard: / searches, arrows move, Enter opens, and the page that opens has it', async () => {
    const { id: profileId } = await world.newProfile();
    await world.newKey(profileId, { name: 'first' });
    const second = await world.newKey(profileId, { name: 'second' });
    const page = await world.open();
    await page.goto('/keys');
    await row(page, 'first').waitFor();
    await page.keyboard.press('/');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Search keys');
    await page.getByRole('link', { name: 'second', exact: true }).focus();
    await page.keyboard.press('End');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('first');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'second' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/keys/${second.id}`);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(await page.title()).toBe('second · Outkit');
  });
});

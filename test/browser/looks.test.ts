import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { OWNER, PagesForTests, UNUSED_PROVIDER } from '../pages/pages-server.ts';
import { faultsOf } from './axe.ts';
import { BrowserForTests } from './browser.ts';
import { goBy } from './go-by.ts';

const pages = new PagesForTests({ provider: UNUSED_PROVIDER });
const browser = new BrowserForTests();

/** Goes through all pages, with long and foreign names in them, and calls `look` on each. */
async function walk(page: Page, look: (where: string) => Promise<void>): Promise<void> {
  const { people } = pages.server;
  const see = async (path: string) => {
    await page.goto(path);
    await look(path);
  };
  const press = (selector: string) => goBy(page.locator(selector).first());
  await see('/');
  await see(`/setup?token=${people.setupToken}`);
  await pages.server.addOwner();
  await people.foundTeam(OWNER.email, 'W'.repeat(64));
  await see('/setup?token=x');
  await see('/sign-in?next=%2Fdevice');
  await page.fill('#email', OWNER.email);
  await page.fill('#password', 'wrong');
  await press('main form button');
  await look('/sign-in with an alert');
  await see('/forgot');
  await see(`/reset?token=${await people.resetToken(OWNER.email)}`);
  await page.fill('#password', 'short');
  await page.fill('#password_again', 'other');
  await press('main form button');
  await look('/reset with problems');
  await see('/reset?token=ended');
  const token = await people.invite('grace@example.com', 'admin');
  await see(`/invitation/${token}`);
  await page.fill('#name', 'Grace');
  await page.fill('#password', 'short');
  await page.fill('#password_again', 'other');
  await press('main form button');
  await look('/invitation with problems');
  await see('/invitation/ended');
  // Not to the dashboard: it passes on who has no scripts after it has loaded, which would interrupt the next page.
  await page.goto('/sign-in?next=%2Fhome');
  await page.fill('#email', OWNER.email);
  await page.fill('#password', OWNER.password);
  await press('main form button');
  await people.startSession(OWNER.email, {
    ip: '2001:db8:1234:5678:9abc:def0:1234:5678',
    agent: `Mozilla/5.0 ${'x'.repeat(150)}`,
  });
  await see('/home');
  await see(`/invitation/${token}`);
  await see('/account');
  await press('text=Sign out everywhere else');
  await look('/account with a notice');
  const { userCode } = await people.signIn.requestDevice({ ip: '203.0.113.7', agent: 'outkit/0.1.0' });
  await see('/device');
  await page.fill('#user_code', userCode);
  await press('main form button');
  await look('/device/request');
  await press('button[value=let_in]');
  expect(await page.textContent('h1')).toBe('It is in');
  await look('/device/result');
  await see('/device/request/ended');
}

describe('all pages', () => {
  it('have nothing that axe finds fault with, in light and in dark', async () => {
    const page = await browser.open(pages.server.publicUrl, { javaScriptEnabled: true, bypassCSP: true });
    const found: string[] = [];
    let looks = 0;
    await walk(page, async (where) => {
      looks += 1;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(
          ...(await faultsOf(page)).map(({ rule, element }) => `${where}, ${colorScheme}: ${rule} ${element}`),
        );
      }
    });
    expect(found).toEqual([]);
    expect(looks).toBe(20);
  });

  it('fit into 320, 375 and 1280 pixels', async () => {
    const page = await browser.open(pages.server.publicUrl);
    await walk(page, async (where) => {
      for (const width of [320, 375, 1280]) {
        await page.setViewportSize({ width, height: 700 });
        const shown = await page.evaluate(() => document.documentElement.scrollWidth);
        expect([where, shown]).toEqual([where, width]);
      }
    });
  });

  it('are complete without a script, a foreign file or a refusal of their own policy', async () => {
    const page = await browser.open(pages.server.publicUrl, { javaScriptEnabled: true });
    const asked = new Set<string>();
    const complaints: string[] = [];
    page.on('request', (request) => asked.add(`${new URL(request.url()).origin} ${request.resourceType()}`));
    page.on('console', (message) => complaints.push(message.text()));
    await walk(page, async () => {});
    const own = pages.server.publicUrl;
    expect([...asked].filter((what) => !what.startsWith('null ')).sort()).toEqual([
      `${own} document`,
      `${own} stylesheet`,
    ]);
    expect(complaints.filter((text) => !/status of (401|404|410|400)/.test(text))).toEqual([]);
  });
});

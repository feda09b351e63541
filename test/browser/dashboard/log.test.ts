import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ROW_HEIGHT } from '../../../dashboard/src/log/use-rows.ts';
import { DashboardWorld } from './dashboard-world.ts';
import { EventFlood } from './event-flood.ts';

const world = new DashboardWorld();
const eventually: typeof expect.poll = (look, options) => expect.poll(look, { timeout: 20_000, ...options });
const MANY = { rateLimitPerMinute: 1_000_000 };

const lines = (page: Page) => page.getByRole('list', { name: 'Live log' }).getByRole('button');
const isLive = (page: Page) => page.getByRole('status').getByText('Live', { exact: true }).waitFor();
const counts = (page: Page) =>
  page
    .locator('[data-received]')
    .evaluate((element) => [
      Number(element.getAttribute('data-received')),
      Number(element.getAttribute('data-skipped')),
    ]);

/** The numbers of all lines, from the top to the end, as somebody finds them who scrolls through. */
async function scrolledThrough(page: Page): Promise<number[]> {
  const seen: number[] = [];
  const list = page.getByRole('list', { name: 'Live log' });
  const all = Number(await list.getByRole('listitem').first().getAttribute('aria-setsize'));
  while (seen.length < all) {
    const next = seen.length;
    await list.evaluate((element, top) => element.parentElement?.scrollTo({ top }), next * ROW_HEIGHT);
    await list.locator(`[aria-posinset="${next + 1}"]`).waitFor();
    const rows = await list
      .getByRole('listitem')
      .evaluateAll((found) =>
        found.map((row) => [Number(row.ariaPosInSet), Number(row.querySelector('button')?.dataset['seq'])] as const),
      );
    const further = rows.filter(([position]) => position > next).sort(([left], [right]) => left - right);
    seen.push(...further.map(([, seq]) => seq));
  }
  return seen;
}

it('shows what was, and each request as it is answered, with all that is known of it on a click', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, MANY);
  await world.render(key.plaintext, 2);
  const page = await world.open();
  await page.goto('/log');
  await isLive(page);
  await eventually(() => lines(page).count()).toBe(2);
  await world.render(key.plaintext);
  await world.services.keys.revoke(key.id, null);
  await world.render(key.plaintext);
  // Refused requests that are alike within a second are one event, so that it comes a second later.
  await eventually(() => lines(page).count()).toBe(4);
  const refused = lines(page).filter({ hasText: '401' });
  expect(await refused.textContent()).toMatch(/401.*ci.*GET \/components.*Revoked/);
  await refused.click();
  const detail = page.getByRole('complementary', { name: 'One request' });
  await detail.getByText('Refused: revoked.').waitFor();
  await detail.getByRole('link', { name: 'ci' }).click();
  await page.getByRole('heading', { level: 1, name: 'ci' }).waitFor();
});

it('asks the server for what fits: key, status and path, which stand in the address', async () => {
  const { id: profileId } = await world.newProfile();
  const [one, two] = [
    await world.newKey(profileId, { ...MANY, name: 'one' }),
    await world.newKey(profileId, { ...MANY, name: 'two' }),
  ];
  const page = await world.open();
  await page.goto('/log');
  await isLive(page);
  const asked: string[] = [];
  page.on(
    'request',
    (request) => request.url().includes('/events/stream') && asked.push(new URL(request.url()).search),
  );
  for (const [filter, option] of [
    ['Key', /^one/],
    ['Status', 'Served (2xx)'],
    ['Path', '/components'],
  ] as const) {
    await page.getByRole('combobox', { name: filter }).click();
    await page.getByRole('option', { name: option }).click();
  }
  await eventually(() => asked.at(-1)).toBe(`?keyId=${one.id}&status=200-299&path=%2Fcomponents`);
  await isLive(page);
  await world.render(two.plaintext, 2);
  await world.render(one.plaintext, 1);
  await eventually(() => lines(page).count()).toBe(1);
  expect(await lines(page).textContent()).toContain('one');
  expect(new URL(page.url()).search).toContain(`key=${one.id}&status=2xx&path=%2Fcomponents`);
  await page.reload();
  await eventually(() => lines(page).count()).toBe(1);
});

it('goes on where it was after the server started again: each event once, none lost', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, MANY);
  const page = await world.open();
  await page.goto('/log');
  await isLive(page);
  await world.render(key.plaintext, 3);
  await eventually(() => counts(page)).toEqual([3, 0]);
  await world.server.restart();
  await page.getByText('Connection lost, trying again').waitFor();
  await world.render(key.plaintext, 4);
  await page.clock.fastForward(60_000);
  await isLive(page);
  await eventually(() => counts(page)).toEqual([7, 0]);
  const stored = await world.services.events.list({
    profileId,
    allProfiles: false,
    keyId: null,
    status: null,
    path: null,
    since: null,
    cursor: null,
    limit: 100,
  });
  expect(await scrolledThrough(page)).toEqual(stored.data.map(({ seq }) => seq));
});

it('shows each of a thousand requests that are answered as quickly as the server can, once and in order', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, MANY);
  const page = await world.open();
  await page.goto('/log');
  await isLive(page);
  await Promise.all(Array.from({ length: 20 }, () => world.render(key.plaintext, 50)));
  await eventually(() => counts(page)).toEqual([1000, 0]);
  const seen = await scrolledThrough(page);
  expect(seen).toHaveLength(1000);
  expect(seen).toEqual(seen.toSorted((left, right) => right - left));
});

it('at 2,000 events a second takes clicks and keys while they come, and counts each one once', async () => {
  await world.newProfile();
  const flood = await new EventFlood(world.server.url).start();
  try {
    const page = await world.open();
    await page
      .context()
      .addCookies([{ name: 'outkit', value: world.owner.credential, url: flood.url, httpOnly: true, sameSite: 'Lax' }]);
    await page.goto(`${flood.url}/log`);
    await isLive(page);
    flood.begin(2_000);
    await eventually(async () => (await counts(page))[0]).toBeGreaterThan(4_000);
    await page.getByRole('button', { name: 'Pause' }).click();
    const [heldAt] = await counts(page);
    const sentAtHold = flood.sent;
    await page.getByText(/Paused · [\d,]+ new/).waitFor();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'Any status' }).click();
    // They were handled while more came, and what somebody reads stood still.
    expect(flood.sent).toBeGreaterThan(sentAtHold);
    expect((await counts(page))[0]).toBe(heldAt);
    await page.getByRole('button', { name: 'Follow' }).click();
    await eventually(() => flood.sent).toBeGreaterThan(10_000);
    flood.pause();
    await eventually(async () => (await counts(page))[0]).toBe(flood.sent);
    const [received = 0, skipped = 0] = await counts(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    const shown = await scrolledThrough(page);
    expect(shown.length + skipped).toBe(received);
    expect(shown).toEqual(Array.from(shown, (_, index) => flood.sent - index));
    expect(await page.locator('ol > li').count()).toBeLessThan(100);
  } finally {
    await flood.stop();
  }
});

it('says where events were missed, between those before and behind', async () => {
  await world.newProfile();
  const flood = await new EventFlood(world.server.url).start();
  try {
    const page = await world.open();
    const cookie = { name: 'outkit', value: world.owner.credential, url: flood.url };
    await page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: 'Lax' }]);
    await page.goto(`${flood.url}/log`);
    await isLive(page);
    flood.send(2);
    flood.tellGap(12);
    flood.send(1);
    const items = page.getByRole('list', { name: 'Live log' }).getByRole('listitem');
    await eventually(() => items.count()).toBe(4);
    expect(await items.nth(1).textContent()).toBe('12 events missed here');
    expect(await counts(page)).toEqual([3, 0]);
  } finally {
    await flood.stop();
  }
});

it('stands still while somebody reads further down or with the keyboard, and follows again on Escape', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, MANY);
  await world.render(key.plaintext, 60);
  const page = await world.open();
  await page.goto('/log');
  await isLive(page);
  await eventually(async () => (await counts(page))[0]).toBe(60);
  await lines(page).first().focus();
  await page.keyboard.press('ArrowDown');
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['seq']);
  const at = await focused();
  await world.render(key.plaintext, 5);
  await page.getByText('Paused · 5 new').waitFor();
  expect(await focused()).toBe(at);
  await page.keyboard.press('Enter');
  await page.getByRole('complementary', { name: 'One request' }).waitFor();
  await page.keyboard.press('Escape');
  await eventually(async () => (await counts(page))[0]).toBe(65);
  await page.getByRole('button', { name: 'Pause' }).waitFor();
});

it('somebody who is signed out elsewhere sees nothing more of it', async () => {
  const { id: profileId } = await world.newProfile();
  await world.newKey(profileId, MANY);
  const page = await world.open();
  await page.goto('/log');
  await isLive(page);
  await world.services.me.signOut();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
});

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { formsInHeap, secretsInHeap } from '../heap.ts';
import { Sightings } from '../sightings.ts';
import { DashboardWorld } from './dashboard-world.ts';
import { closeShown, loseAnswers, shownSecret } from './key-steps.ts';

const world = new DashboardWorld();

async function openCreate(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Create the first key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('canary');
  await page.getByRole('button', { name: 'Create key' }).click();
}

it('a secret is shown once: after closing it is in no memory, document, storage, cookie, cache, history, request or answer', async () => {
  await world.newProfile();
  const page = await world.open();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const sightings = new Sightings(page.context());
  await openCreate(page);
  const created = await shownSecret(page);
  expect(created).toMatch(/^okd_[0-9A-Za-z]{38}$/);
  // The search finds it as long as it is shown: in the document and in the memory, and nowhere else.
  const places = (await sightings.placesOf(created, page)).map((found) => found.replace(/: .*$/, ''));
  expect([...new Set(places)]).toEqual(['document']);
  expect(await formsInHeap(page, created)).toContain('plain of the last 30');

  await page.getByRole('button', { name: 'Copy: New key' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(created);
  for (const tab of ['Vercel', 'Docker', 'GitHub Actions', '.env.local']) {
    await page.getByRole('tab', { name: tab }).click();
  }
  await page.getByRole('button', { name: 'Copy: .env.local' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    `OUTKIT_API_KEY=${created}\nOUTKIT_API_URL=${world.server.url}\n`,
  );
  await closeShown(page);
  expect(await sightings.placesOf(created, page)).toEqual([]);
  expect(await formsInHeap(page, created)).toEqual([]);

  await page.getByRole('link', { name: 'canary', exact: true }).click();
  await page.getByRole('button', { name: 'Rotate…' }).click();
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const rotated = await shownSecret(page);
  await closeShown(page);
  await page.goBack();
  await page.goForward();
  for (const secret of [created, rotated]) {
    expect(await sightings.placesOf(secret, page)).toEqual([]);
    expect(await formsInHeap(page, secret)).toEqual([]);
  }
  const posts = sightings.places.filter((place) => /POST .* request$/.test(place));
  expect(posts.map((place) => place.replace(/^\d+ |\/(?:prof|key)_\w+/g, ''))).toEqual([
    'POST /v1/profiles/keys request',
    'POST /v1/keys/rotate request',
  ]);
});

it('the search of the memory finds what a careless page keeps, in a closure too', async () => {
  await world.newProfile();
  const page = await world.open();
  await page.goto('/');
  const secret = `okd_${'Planted0Planted1Planted2Planted3'}abcdef`;
  expect(await formsInHeap(page, secret)).toEqual([]);
  await page.evaluate((planted) => {
    addEventListener('outkit-never', () => console.log(planted));
  }, secret);
  expect(await formsInHeap(page, secret)).toContain('plain of the last 30');
});

it('leaving a secret asks whether it is saved, by every way out', async () => {
  await world.newProfile();
  const page = await world.open();
  await openCreate(page);
  const secret = await shownSecret(page);
  const asked = page.getByRole('heading', { name: 'Have you saved it?' });
  for (const leave of [
    () => page.keyboard.press('Escape'),
    () => page.mouse.click(5, 400),
    () => page.getByRole('button', { name: 'Done' }).click(),
  ]) {
    await leave();
    await asked.waitFor();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Show it again' }).click();
    expect(await shownSecret(page)).toBe(secret);
  }
  const dialog = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const question = await dialog;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  expect(await shownSecret(page)).toBe(secret);
});

it('the way back of the browser takes no secret away that nobody has saved', async () => {
  const { id: profileId } = await world.newProfile();
  await world.newKey(profileId);
  const page = await world.open();
  await page.goto('/keys');
  await page.getByRole('link', { name: 'ci', exact: true }).click();
  await page.getByRole('button', { name: 'Rotate…' }).click();
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const secret = await shownSecret(page);
  await page.goBack();
  await page.waitForURL('**/keys');
  expect(await shownSecret(page)).toBe(secret);
  await closeShown(page);
  await page.getByRole('link', { name: 'ci', exact: true }).waitFor();
});

it('a secret that nobody has saved stays when the session ends meanwhile', async () => {
  await world.newProfile();
  const page = await world.open();
  await openCreate(page);
  const secret = await shownSecret(page);
  const elsewhere = await world.server.signIn(world.owner.email);
  await world.server.as(elsewhere).me.endOtherSessions();
  await page.clock.fastForward(10_000);
  await page.getByText('You are signed out').waitFor();
  expect(await shownSecret(page)).toBe(secret);
  await closeShown(page);
  expect(await page.content()).not.toContain(secret);
});

it('a secret that is never shown goes with its dialog: the answer was lost, or the server refused', async () => {
  const { id: profileId } = await world.newProfile();
  const page = await world.open();
  await page.goto('/');
  await page.getByRole('button', { name: 'Create the first key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('canary');
  await loseAnswers(page, '**/v1/profiles/*/keys', 2);
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.clock.fastForward(2_000);
  await page.getByText(/Trying again is safe/).waitFor();
  // The list finds the key meanwhile, and the button for a first one is gone. The dialog is not.
  await page.clock.fastForward(11_000);
  await page.locator('table', { hasText: 'canary' }).waitFor();
  expect(await secretsInHeap(page)).toHaveLength(1);
  await page.getByRole('button', { name: 'Leave it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await secretsInHeap(page)).toEqual([]);

  await page.clock.fastForward(10_000);
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('too late');
  await world.services.profiles.archive(profileId);
  await page.getByRole('button', { name: 'Create key' }).click();
  await page
    .getByRole('dialog')
    .getByText(/archived/)
    .waitFor();
  expect(await page.getByRole('dialog').getByLabel('Name').inputValue()).toBe('too late');
  expect(await secretsInHeap(page)).toEqual([]);
});

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { Sightings } from '../sightings.ts';
import { DashboardWorld } from './dashboard-world.ts';
import { watchPolicy } from './policy-watch.ts';

const world = new DashboardWorld();

const answer = (page: Page) => page.locator('[data-component]').first().locator('..');
const colourOf = (page: Page, property: string) =>
  answer(page).evaluate((element, name) => getComputedStyle(element).getPropertyValue(name).trim(), property);
const view = async (page: Page, name: string) => {
  await page.getByRole('combobox', { name: 'How it is shown' }).click();
  await page.getByRole('option', { name, exact: true }).click();
};
const type = async (page: Page, text: string) => {
  await page.getByLabel('Text of an answer').fill(text);
  await page.clock.runFor(500);
};

it('a change of design is in the preview at once, and in force for keys when it is saved', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, { rateLimitPerMinute: 1_000 });
  const page = await world.open();
  await page.goto('/profiles');
  await answer(page).waitFor();
  expect(await colourOf(page, '--outkit-primary')).toBe('#b30069');
  await page.getByLabel('Value of --outkit-primary').fill('#004488');
  expect(await colourOf(page, '--outkit-primary')).toBe('#004488');
  expect((await world.services.profiles.find(profileId)).design['--outkit-primary']).toBe('#b30069');
  await page.getByLabel('New token').fill('--outkit-muted');
  await page.getByRole('button', { name: 'Add token' }).click();
  await page.getByRole('button', { name: 'Take --outkit-font away' }).click();
  await page.getByRole('combobox', { name: 'Plan' }).click();
  await page.getByRole('option', { name: /^Free/ }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText(/Saved: in force on 1\/1 gateways after \d+ ms/).waitFor();
  const headers = { 'x-outkit-api-key': key.plaintext, 'content-type': 'application/json' };
  const rendered = await fetch(`${world.server.url}/render/enhance?stream=false`, {
    method: 'POST',
    headers,
    body: '{"content":"x"}',
  });
  const { design } = (await rendered.json()) as { design: Record<string, string> };
  expect(design).toMatchObject({ '--outkit-primary': '#004488', '--outkit-muted': '#000000' });
  expect(design).not.toHaveProperty(['--outkit-font']);
  expect((await world.services.profiles.find(profileId)).plan).toBe('free');
});

it('a value that the server would refuse is told beside it, not drawn, and not saved', async () => {
  await world.newProfile();
  const page = await world.open();
  const { asked } = watchPolicy(page);
  await page.goto('/profiles');
  await answer(page).waitFor();
  await page.getByLabel('Value of --outkit-primary').fill('red; background: url(https://evil.example/x)');
  await page.getByText('must be a plain CSS value').waitFor();
  expect(await page.getByRole('button', { name: 'Save changes' }).isDisabled()).toBe(true);
  // The server takes this one, which would load a picture where a property takes one.
  await page.getByLabel('Value of --outkit-surface').fill('url(//evil.example/x.png)');
  await page.clock.runFor(500);
  expect([...asked].filter((what) => !what.startsWith(world.server.url))).toEqual([]);
  await page.getByRole('button', { name: 'Discard' }).click();
  expect(await page.getByLabel('Value of --outkit-primary').inputValue()).toBe('#b30069');
});

it('the playground has what the renderer answers a key, as blocks, as JSON, and as a command', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, { rateLimitPerMinute: 1_000 });
  const page = await world.open();
  await page.goto('/profiles');
  await page.locator('[data-component="steps"]').waitFor();
  const shown = await page
    .locator('[data-component]')
    .evaluateAll((found) => found.map((one) => one.getAttribute('data-component')));
  expect(new Set(shown)).toEqual(new Set(['text', 'table', 'alert', 'steps', 'checkbox', 'code']));
  const content = '| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |\n\n> [!NOTE]\n> it\'s "here"\n';
  await type(page, content);
  await page.getByText('2 blocks').waitFor();
  await view(page, 'JSON');
  const json = (await page.getByRole('region', { name: 'The answer as JSON' }).textContent()) ?? '';
  const headers = { 'x-outkit-api-key': key.plaintext, 'content-type': 'application/json' };
  const body = JSON.stringify({ content });
  const rendered = await fetch(`${world.server.url}/render/enhance?stream=false`, { method: 'POST', headers, body });
  expect(JSON.parse(json)).toEqual(await rendered.json());
  await view(page, 'curl');
  const command = await page.getByRole('region', { name: 'The request as a command' }).textContent();
  expect(command).toContain(`curl '${world.server.url}/render/enhance?stream=false'`);
  expect(command).toContain('"x-outkit-api-key: $OUTKIT_API_KEY"');
});

it('nothing of a text becomes markup or runs, in no component', async () => {
  await world.newProfile();
  const page = await world.open();
  const { complaints, asked } = watchPolicy(page);
  await page.goto('/profiles');
  await answer(page).waitFor();
  const evil = '<img src=https://evil.example/x onerror="globalThis.ran=1"><script>globalThis.ran=1</script>';
  await type(
    page,
    `${evil}\n\n| ${evil} | __proto__ |\n|---|---|\n| ${evil} | ${evil} |\n\n> [!NOTE]\n> ${evil}\n\n1. ${evil}\n2. b\n\n- [ ] ${evil}\n\n\`\`\`${evil}\n${evil}\n\`\`\`\n`,
  );
  await page.locator('[data-component="code"]').getByText('globalThis.ran').first().waitFor();
  expect(await page.locator('[data-component="table"] td').allTextContents()).toEqual([evil, evil]);
  expect(await answer(page).locator('img, script, iframe, a').count()).toBe(0);
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
  expect([...asked].filter((what) => !what.startsWith(world.server.url))).toEqual([]);
  expect(complaints).toEqual([]);
});

it('a text that is too long is told so, without a request', async () => {
  await world.newProfile();
  const page = await world.open();
  await page.goto('/profiles');
  await answer(page).waitFor();
  let requests = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/preview')) requests += 1;
  });
  await type(page, 'x'.repeat(32 * 1024 + 1));
  await page.getByText('A preview takes up to 32,768 bytes').waitFor();
  expect(requests).toBe(0);
});

it('a text with a key in it is told so, and goes nowhere', async () => {
  const { id: profileId } = await world.newProfile();
  const { plaintext } = await world.newKey(profileId);
  const page = await world.open();
  const sightings = new Sightings(page.context());
  await page.goto('/profiles');
  await answer(page).waitFor();
  await type(page, `The key is ${plaintext}.`);
  await page.getByText('There is a key in this text').waitFor();
  await type(page, 'Gone again.');
  await answer(page).getByText('Gone again.').waitFor();
  expect(await sightings.placesOf(plaintext, page)).toEqual([]);
});

it('archiving says what it ends, takes the name of a profile in use, and refuses its keys when it is done', async () => {
  const { id: profileId } = await world.newProfile('Shop');
  const key = await world.newKey(profileId, { rateLimitPerMinute: 1_000 });
  await world.render(key.plaintext);
  const page = await world.open();
  await page.goto('/profiles');
  await page.getByRole('button', { name: 'Archive profile…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 active key will be refused.').waitFor();
  expect(await dialog.getByRole('button', { name: 'Archive it' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Type Shop to confirm').fill('Shop');
  await dialog.getByRole('button', { name: 'Archive it' }).click();
  await page.getByText(/Archived: in force on 1\/1 gateways/).waitFor();
  const headers = { 'x-outkit-api-key': key.plaintext };
  expect((await fetch(`${world.server.url}/components`, { headers })).status).toBe(401);
  await page.getByText(/its keys are refused, and it takes no changes/).waitFor();
  expect(await page.getByRole('button', { name: 'Save changes' }).count()).toBe(0);
});

it('a member looks and tries out, and changes nothing; another profile stays in the section', async () => {
  await world.newProfile('Web');
  await world.newProfile('Shop');
  const member = await world.server.join(world.owner, world.teamId, 'grace@example.com', 'member');
  const page = await world.open(member);
  await page.goto('/profiles');
  await answer(page).waitFor();
  expect(await page.getByLabel('Value of --outkit-primary').isDisabled()).toBe(true);
  for (const name of [/Save/, /Archive/, /New profile/])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  await page.getByRole('list', { name: 'Profiles of this team' }).getByRole('button', { name: /Shop/ }).click();
  await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue(), { timeout: 10_000 }).toBe('Shop');
  expect(new URL(page.url()).pathname).toBe('/profiles');
});

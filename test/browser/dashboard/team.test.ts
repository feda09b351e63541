import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { Sightings } from '../sightings.ts';
import { DashboardWorld } from './dashboard-world.ts';

const world = new DashboardWorld();

const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
const people = () => world.services.people;
const rolesByMail = async () =>
  Object.fromEntries((await people().list(world.teamId)).map(({ email, role }) => [email, role]));

describe('people', () => {
  it('are invited by a link that is shown once, works, and is nowhere any more when the dialog closes', async () => {
    const page = await world.open();
    const sightings = new Sightings(page.context());
    await page.goto('/people');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail address').fill('grace@example');
    await dialog.getByRole('combobox', { name: 'Role' }).click();
    await page.getByRole('option', { name: 'Admin' }).click();
    await dialog.getByLabel('E-mail address').fill('grace@example.com');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    await dialog.getByText('It is shown only now').waitFor();
    const link = (await dialog.locator('code').textContent()) ?? '';
    const token = new URL(link).pathname.split('/').at(-1) ?? '';
    expect(await sightings.placesOf(token, page)).toContainEqual(expect.stringMatching(/^document/));
    await dialog.getByRole('button', { name: 'Done' }).click();
    await row(page, 'grace@example.com').getByText('Admin').waitFor();
    const places = await sightings.placesOf(token, page);
    expect(places.filter((place) => !/POST \/v1\/teams\/[^/]+\/invitations answer/.test(place))).toEqual([]);
    const invited = await world.open(null);
    await invited.goto(link);
    await invited.getByRole('button', { name: 'Make an account and join' }).waitFor();
  });

  it('an invitation that is taken back opens nothing, and what is wrong with an address is told beside it', async () => {
    const { url } = await people().invite(world.teamId, 'grace@example.com', 'member');
    const page = await world.open();
    await page.goto('/people');
    await page.getByRole('button', { name: 'Take back the invitation of grace@example.com' }).click();
    await row(page, 'grace@example.com').waitFor({ state: 'detached' });
    expect((await page.request.get(url)).status()).toBe(410);
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.getByLabel('E-mail address').fill('nobody');
    await page.getByRole('button', { name: 'Make the link' }).click();
    await page.getByRole('dialog').getByText('must be an e-mail address').waitFor();
  });

  it('get another role, in force at once, and are taken out after a question', async () => {
    const grace = await world.server.join(world.owner, world.teamId, 'grace@example.com', 'member');
    const page = await world.open();
    await page.goto('/people');
    await row(page, 'grace@example.com').getByRole('combobox').click();
    await page.getByRole('option', { name: 'Admin' }).click();
    await page.getByText('Somebody is an admin now').waitFor();
    expect(await rolesByMail()).toMatchObject({ 'grace@example.com': 'admin' });
    await page.getByRole('button', { name: 'Remove Somebody' }).click();
    await page.getByRole('dialog').getByText('It is in force at once').waitFor();
    expect(await rolesByMail()).toHaveProperty(['grace@example.com']);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await row(page, 'grace@example.com').waitFor({ state: 'detached' });
    expect((await world.server.as(grace).me.me()).teams).toEqual([]);
  });

  it('the last owner stays, and is told so', async () => {
    const page = await world.open();
    await page.goto('/people');
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    expect(await rolesByMail()).toEqual({ [world.owner.email]: 'owner' });
  });

  it('a member sees who is there and may leave, an admin cannot touch owners', async () => {
    const member = await world.server.join(world.owner, world.teamId, 'grace@example.com', 'member');
    const page = await world.open(member);
    await page.goto('/people');
    await row(page, world.owner.email).waitFor();
    const buttons = () => page.getByRole('main').getByRole('button').allTextContents();
    expect([await buttons(), await page.getByRole('main').getByRole('combobox').count()]).toEqual([['Leave'], 0]);
    await people().changeRole(world.teamId, (await world.server.as(member).me.me()).person?.id ?? '', 'admin');
    await page.reload();
    await page.getByRole('button', { name: 'Invite somebody' }).waitFor();
    expect(await row(page, world.owner.email).getByRole('button').count()).toBe(0);
    await row(page, 'grace@example.com').getByRole('combobox').click();
    expect(await page.getByRole('option').allTextContents()).toEqual(['Admin', 'Member']);
  });
});

it('a server that judges by itself says so in a line', async () => {
  const page = await world.open();
  await page.goto('/gateways');
  await page.getByText('This server judges keys by itself').waitFor();
  expect(await page.getByRole('button', { name: /Evict/ }).count()).toBe(0);
});

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { DashboardWorld } from './dashboard-world.ts';

const world = new DashboardWorld();

const keyLink = (page: Page, name: string) => page.getByRole('link', { name, exact: true });

it('a member sees the keys, and nothing that makes or changes one', async () => {
  const member = await world.server.join(world.owner, world.teamId, 'grace@example.com', 'member');
  const page = await world.open(member);
  await page.goto('/');
  await page.getByText('This team has no profile yet').waitFor();
  expect(await page.getByRole('button', { name: /create|new/i }).count()).toBe(0);
  const { id: profileId } = await world.newProfile();
  await page.reload();
  await page.getByText('Owners and admins of this team create keys').waitFor();
  await world.newKey(profileId);
  await page.reload();
  await keyLink(page, 'ci').waitFor();
  await page.getByRole('button', { name: 'Profile: Web' }).click();
  await page.getByRole('menuitemradio', { name: 'Web' }).waitFor();
  expect(await page.getByRole('menuitem').count()).toBe(0);
  expect(await page.getByRole('button', { name: /create|new|rotate|revoke/i }).count()).toBe(0);
});

it('the keys of another team are never there, not by their address either', async () => {
  const { id: profileId } = await world.newProfile();
  await world.newKey(profileId, { name: 'own' });
  const other = await world.services.teams.create('Secret team');
  const secretProfile = await world.newProfile('Secret profile', other.id);
  const secretKey = await world.newKey(secretProfile.id, { name: 'secret key' });
  const member = await world.server.join(world.owner, world.teamId, 'grace@example.com', 'member');
  const page = await world.open(member);
  for (const path of ['/keys', `/keys?profile=${secretProfile.id}`]) {
    await page.goto(path);
    await keyLink(page, 'own').waitFor();
    expect(await page.content()).not.toMatch(/secret (?:team|profile|key)/i);
  }
  await page.goto(`/keys/${secretKey.id}`);
  await page.getByRole('alert').getByText('That is not here, or not for you.').waitFor();
  const foreign = await page.getByRole('main').textContent();
  await page.goto('/keys/key_zzzzzzzzzzzzzzzz');
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('main').textContent()).toBe(foreign);
});

it('the teams of a person are apart, and the place is kept for the next visit', async () => {
  await world.newKey((await world.newProfile('Web')).id, { name: 'web key' });
  const other = await world.services.teams.create('Labs');
  await world.newKey((await world.newProfile('Lab', other.id)).id, { name: 'lab key' });
  const page = await world.open();
  await page.goto('/');
  await keyLink(page, 'web key').waitFor();
  await page.getByRole('button', { name: 'Team: Engines' }).click();
  await page.getByRole('menuitemradio', { name: /Labs/ }).click();
  await keyLink(page, 'lab key').waitFor();
  expect(await keyLink(page, 'web key').count()).toBe(0);
  await page.goto('/');
  await keyLink(page, 'lab key').waitFor();
  await page.goBack();
});

it('a session that ends elsewhere is told at once, and signing in leads back to the same page', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId);
  const page = await world.open();
  await page.goto(`/keys/${key.id}`);
  await page.getByRole('heading', { level: 1, name: 'ci' }).waitFor();
  const elsewhere = await world.server.signIn(world.owner.email);
  await world.server.as(elsewhere).me.endOtherSessions();
  await page.clock.fastForward(10_000);
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  expect(await page.content()).not.toContain(key.start);
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).searchParams.get('next')).toBe(`/keys/${key.id}`);
});

it('signing out ends the session on the server', async () => {
  await world.newProfile();
  const page = await world.open();
  await page.goto('/');
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expect(world.services.me.me()).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('whoever has no script gets the plain pages', async () => {
  const page = await world.open(world.owner, { javaScriptEnabled: false });
  await page.goto('/');
  await page.waitForURL('**/home');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Hello, Olga');
});

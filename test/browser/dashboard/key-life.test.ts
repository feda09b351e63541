import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/core/clock.ts';
import { DashboardWorld } from './dashboard-world.ts';
import { closeShown, createKey, loseAnswers, shownSecret } from './key-steps.ts';

const world = new DashboardWorld();

const statusOf = async (plaintext: string) => {
  const answer = await fetch(`${world.server.url}/components`, { headers: { 'x-outkit-api-key': plaintext } });
  await answer.arrayBuffer();
  return answer.status;
};

describe('the life of a key', () => {
  it('goes from the first key to its end, and the renderer follows each step at once', async () => {
    await world.newProfile();
    const page = await world.open();
    await page.goto('/');
    await page.getByRole('button', { name: 'Create the first key' }).click();
    const first = await createKey(page, 'web');
    expect(await statusOf(first)).toBe(200);

    await page.getByRole('link', { name: 'web', exact: true }).click();
    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByRole('dialog').getByText('Both work until').waitFor();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    const second = await shownSecret(page);
    expect(second).not.toBe(first);
    await page.getByText(/The old key is accepted until/).waitFor();
    await closeShown(page);
    expect([await statusOf(first), await statusOf(second), await statusOf(second), await statusOf(second)]).toEqual([
      200, 200, 200, 200,
    ]);
    await page.clock.fastForward(3_000);
    await page.getByText('25% on the old secret (1 answer)').waitFor();
    await page.getByText('Not safe to end yet').waitFor();

    await page.getByRole('button', { name: 'End now…' }).click();
    await page
      .getByRole('dialog')
      .getByText(/used:.* from 127.0.0.1/)
      .waitFor();
    await page.getByRole('button', { name: 'End it now' }).click();
    await page.getByText(/The old secret has ended: in force on 1\/1 gateways after \d+ ms/).waitFor();
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);

    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('dialog').getByText('5 requests').waitFor();
    await page.getByLabel('Reason').fill('The app is gone');
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByText(/^in force on 1\/1 gateways after \d+ ms$/).waitFor();
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 401]);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByText('The app is gone').first().waitFor();
    expect(await page.getByRole('button', { name: /Edit|Rotate|Revoke/ }).count()).toBe(0);
  });

  it('is created by keyboard only, with an end and a limit', async () => {
    await world.newProfile();
    const page = await world.open();
    await page.goto('/');
    await page.getByRole('button', { name: 'Create the first key' }).waitFor();
    await tabTo(page, 'Create the first key');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, 'Name');
    await page.keyboard.type('keyboard');
    await tabTo(page, 'Environment');
    await chooseNext(page);
    await tabTo(page, 'Expires');
    await chooseNext(page);
    await tabTo(page, 'Requests a minute');
    await page.keyboard.type('25');
    await page.keyboard.press('Enter');
    const plaintext = await shownSecret(page);
    expect(plaintext).toMatch(/^oks_/);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Have you saved it?' }).waitFor();
    await tabTo(page, 'Yes, close');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { data } = await world.services.keys.list({
      profileId: (await world.services.profiles.list())[0]?.id ?? '',
      includeEnded: false,
      cursor: null,
      limit: 10,
    });
    expect(data).toMatchObject([{ name: 'keyboard', environment: 'staging', rateLimitPerMinute: 25 }]);
    const endsInMs = (data[0]?.expiresAt ?? 0) - world.server.now();
    expect(Math.round(endsInMs / 86_400_000)).toBe(7);
  });

  it('says what is wrong with a new key, beside it, and asks the server nothing', async () => {
    const { id: profileId } = await world.newProfile();
    const page = await world.open();
    await page.goto('/');
    await page.getByRole('button', { name: 'Create the first key' }).click();
    const dialog = page.getByRole('dialog');
    const { plaintext } = await world.newKey(profileId);
    await dialog.getByLabel('Name').fill(plaintext);
    await dialog.getByLabel('Requests a minute').fill('0');
    let posts = 0;
    page.on('request', (request) => {
      posts += request.method() === 'POST' ? 1 : 0;
    });
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByText('That is a key.').waitFor();
    expect(await dialog.getByText('A whole number from 1 to').isVisible()).toBe(true);
    expect(posts).toBe(0);
  });
});

describe('a lost answer', () => {
  it('of a creation is asked again as the same key, and there is one', async () => {
    const { id: profileId } = await world.newProfile();
    const page = await world.open();
    await page.goto('/');
    await page.getByRole('button', { name: 'Create the first key' }).click();
    const sent = await loseAnswers(page, '**/v1/profiles/*/keys', 2);
    await page.getByRole('dialog').getByLabel('Name').fill('once');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.clock.fastForward(2_000);
    await page.getByText(/Trying again is safe/).waitFor();
    expect(await page.getByRole('dialog').getByLabel('Name').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Try again' }).click();
    const plaintext = await shownSecret(page);
    expect(await statusOf(plaintext)).toBe(200);
    expect(new Set(sent)).toHaveProperty('size', 1);
    expect(sent.length).toBe(3);
    const { data } = await world.services.keys.list({ profileId, includeEnded: true, cursor: null, limit: 10 });
    expect(data).toHaveLength(1);
  });

  it('of a rotation is asked again as the same secret, and the old one has its grace window', async () => {
    const { id: profileId } = await world.newProfile();
    const key = await world.newKey(profileId);
    const page = await world.open();
    await page.goto(`/keys/${key.id}`);
    await page.getByRole('button', { name: 'Rotate…' }).click();
    const sent = await loseAnswers(page, '**/v1/keys/*/rotate', 2);
    await page.getByRole('button', { name: 'Rotate key' }).click();
    await page.clock.fastForward(2_000);
    await page.getByText(/Trying again is safe/).waitFor();
    // The page knows by now that the key is rotating; the dialog is still there for the secret.
    await page.clock.fastForward(10_000);
    await page.getByRole('button', { name: 'Try again' }).click();
    const plaintext = await shownSecret(page);
    expect([await statusOf(key.plaintext), await statusOf(plaintext)]).toEqual([200, 200]);
    expect([sent.length, new Set(sent).size]).toEqual([3, 1]);
  });
});

describe('revoking', () => {
  it('a production key that is in use takes its name, and says who is cut off', async () => {
    const { id: profileId } = await world.newProfile();
    const key = await world.newKey(profileId, { name: 'shop', environment: 'production' });
    await world.render(key.plaintext, 2);
    const page = await world.open();
    await page.goto(`/keys/${key.id}`);
    await page.getByRole('button', { name: 'Revoke…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 requests').waitFor();
    expect(await dialog.getByText(/from 127.0.0.1/).isVisible()).toBe(true);
    const button = dialog.getByRole('button', { name: 'Revoke key' });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel(/Type shop to confirm/).fill('shopp');
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel(/Type shop to confirm/).fill('shop');
    await button.click();
    await dialog.getByText(/in force on 1\/1/).waitFor();
    expect(await statusOf(key.plaintext)).toBe(401);
  });

  it('a quiet key needs no name', async () => {
    const { id: profileId } = await world.newProfile();
    const key = await world.newKey(profileId, { environment: 'production' });
    const page = await world.open();
    await page.goto(`/keys/${key.id}`);
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('dialog').getByText('no requests').waitFor();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByText(/in force on 1\/1/).waitFor();
  });

  it('names the gateways that have not confirmed, which then admit nothing', async () => {
    const { id: profileId } = await world.newProfile();
    const key = await world.newKey(profileId);
    const page = await world.open();
    // As a server with three gateways answers, one of which hangs.
    await page.route('**/v1/keys/*/revoke', async (route) => {
      const response = await route.fetch();
      const gateways = { confirmed: 2, waitedOut: 1, ms: 4_900.2, unconfirmed: ['gateway-3 (3f9a01c2)'] };
      await route.fulfill({ response, json: { ...(await response.json()), gateways } });
    });
    await page.goto(`/keys/${key.id}`);
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('button', { name: 'Revoke key' }).click();
    await page.getByText('in force on 2/3 gateways after 4,901 ms; 1 did not confirm').waitFor();
    expect(await page.getByText('Not confirmed by: gateway-3 (3f9a01c2)').isVisible()).toBe(true);
  });
});

describe('a rotation', () => {
  it('is extended, minted again, and cancelled, each in force at once', async () => {
    const { id: profileId } = await world.newProfile();
    const key = await world.newKey(profileId);
    const page = await world.open();
    await page.goto(`/keys/${key.id}`);
    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByRole('slider').fill('1');
    await page.getByRole('dialog').getByText('1 h', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    const lost = await shownSecret(page);
    await closeShown(page);
    const end = async () => (await world.services.keys.find(key.id)).previousSecret?.acceptedUntil ?? 0;
    const before = await end();

    await page.getByRole('button', { name: 'Extend' }).click();
    await page.getByRole('menuitem', { name: 'By 6 h' }).click();
    await page.getByText(/Extended: in force/).waitFor();
    expect((await end()) - before).toBe(6 * 3_600_000);

    await page.getByRole('button', { name: 'New secret lost…' }).click();
    await page.getByRole('button', { name: 'Mint again' }).click();
    const second = await shownSecret(page);
    await closeShown(page);
    expect([await statusOf(lost), await statusOf(second), await statusOf(key.plaintext)]).toEqual([401, 200, 200]);

    await page.getByRole('button', { name: 'Cancel rotation…' }).click();
    await page.getByRole('button', { name: 'Cancel the rotation' }).click();
    await page.getByText(/The rotation is undone: in force/).waitFor();
    expect([await statusOf(second), await statusOf(key.plaintext)]).toEqual([401, 200]);
    await page.getByRole('heading', { name: 'Rotation', exact: true }).waitFor({ state: 'detached' });
  });

  it('without a grace window names who is cut off', async () => {
    const { id: profileId } = await world.newProfile();
    const key = await world.newKey(profileId);
    await world.render(key.plaintext);
    const page = await world.open();
    await page.goto(`/keys/${key.id}`);
    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByRole('slider').fill('0');
    await page.getByText(/cut off at once. Last used:.*from 127.0.0.1/).waitFor();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    const plaintext = await shownSecret(page);
    await page.getByText('The old key is refused from now on.').waitFor();
    expect([await statusOf(key.plaintext), await statusOf(plaintext)]).toEqual([401, 200]);
  });
});

it('its end and its limit are changed, in force when the dialog closes, and what is wrong is told beside its field', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId, { rateLimitPerMinute: 50 });
  const page = await world.open();
  await page.goto(`/keys/${key.id}`);
  await page.getByRole('button', { name: 'Edit…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The key has no end.').waitFor();
  await dialog.getByLabel('Requests a minute').fill('0');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/A whole number from 1 to/).waitFor();
  await dialog.getByLabel('Requests a minute').fill('1');
  await dialog.getByRole('combobox', { name: 'Expires' }).click();
  await page.getByRole('option', { name: 'In 7 days' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/Changed: in force on 1\/1 gateways after \d+ ms/).waitFor();
  expect([await statusOf(key.plaintext), await statusOf(key.plaintext)]).toEqual([200, 429]);
  await page.getByText('1 requests a minute').waitFor();
  world.server.advance(7 * DAY_MS - MINUTE_MS);
  expect(await statusOf(key.plaintext)).toBe(200);
  // The clock of the browser, by which the end was chosen, has gone on meanwhile.
  world.server.advance(2 * MINUTE_MS);
  expect(await statusOf(key.plaintext)).toBe(401);
});

it('a member gets no action, and the server refuses each that a page of theirs asks for', async () => {
  const { id: profileId } = await world.newProfile();
  const key = await world.newKey(profileId);
  const member = await world.server.join(world.owner, world.teamId, 'grace@example.com', 'member');
  const page = await world.open(member);
  await page.goto(`/keys/${key.id}`);
  await page.getByRole('heading', { name: 'Latest requests' }).waitFor();
  expect(await page.getByRole('button', { name: /Edit|Rotate|Revoke|New key|End|Extend|Cancel/ }).count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'Changes' }).count()).toBe(0);
  const paths = ['rotate', 'update', 'end-grace', 'extend-grace', 'cancel-rotation', 'revoke'].map((what) => [
    `/v1/keys/${key.id}/${what}`,
    what === 'extend-grace' ? { byMs: 60_000 } : {},
  ]);
  const statuses = await page.evaluate(
    async (asked) => {
      const answers = asked.map(([path, body]) =>
        fetch(path as string, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
      return (await Promise.all(answers)).map(({ status }) => status);
    },
    [...paths, [`/v1/profiles/${profileId}/keys`, { name: 'mine' }]],
  );
  expect(statuses).toEqual([403, 403, 403, 403, 403, 403, 403]);
  expect(await statusOf(key.plaintext)).toBe(200);
});

/** Takes the choice below the present one, in the list of the control that has the keyboard. */
async function chooseNext(page: Page): Promise<void> {
  const marked = page.locator('[role=option][data-highlighted]');
  await page.keyboard.press('Enter');
  const before = await marked.textContent();
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => marked.textContent()).not.toBe(before);
  await page.keyboard.press('Enter');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
}

/** Tabs until that control has the keyboard. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 40; press++) {
    const isThere = await page.evaluate((wanted) => {
      const at = document.activeElement;
      const label = (at as HTMLInputElement | null)?.labels?.[0]?.textContent;
      return [at?.getAttribute('aria-label'), label, at?.textContent].includes(wanted);
    }, name);
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} is not reached by Tab`);
}

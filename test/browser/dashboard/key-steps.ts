import type { Page } from 'playwright-core';

/** Fills in the open dialog for a new key, and resolves to the plaintext that is shown once it is closed. */
export async function createKey(page: Page, name: string): Promise<string> {
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create key' }).click();
  const plaintext = await shownSecret(page);
  await closeShown(page);
  return plaintext;
}

/** The secret that the page shows this once. */
export async function shownSecret(page: Page): Promise<string> {
  const secret = page.getByRole('group', { name: 'New key' }).locator('code');
  await secret.waitFor();
  return (await secret.textContent()) ?? '';
}

/** Leaves the secret that is shown, and says that it is saved. */
export async function closeShown(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Done' }).click();
  const question = page.getByRole('heading', { name: 'Have you saved it?' });
  await question.waitFor();
  await page.getByRole('button', { name: 'Yes, close' }).click();
  await question.waitFor({ state: 'detached' });
}

/** Lets so many requests reach the server and loses their answers. Resolves to the hashes that were sent, which goes on. */
export async function loseAnswers(page: Page, url: string, count: number): Promise<string[]> {
  const sent: string[] = [];
  await page.route(url, async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    sent.push(route.request().postDataJSON().hash);
    if (sent.length > count) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  return sent;
}

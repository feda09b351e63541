import type { Locator } from 'playwright-core';

/** Clicks what leads to another page, and waits until that one is there: a click alone returns while the old one still stands. */
export async function goBy(target: Locator): Promise<void> {
  await Promise.all([target.page().waitForEvent('load'), target.click()]);
}

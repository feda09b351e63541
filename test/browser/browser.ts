import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, inject, type TestContext } from 'vitest';
import { CHROMIUM } from './browser-once.ts';

/** The browser, for the tests of a file, which are skipped where there is none; where it has to be there, they fail. Runs no script. */
export class BrowserForTests {
  #browser: Browser | undefined;

  constructor() {
    const endpoint = inject('browser');
    beforeAll(async () => {
      if (endpoint !== null) this.#browser = await chromium.connect(endpoint);
    });
    beforeEach(({ skip }: TestContext) => {
      if (endpoint !== null) return;
      const reason = `there is no ${CHROMIUM}: apt-get install chromium`;
      if (process.env['OUTKIT_REQUIRE_SERVICES'] === '1') throw new Error(reason);
      skip(reason);
    });
    // Before the server of the test stops: it would wait for what a window still holds open.
    afterEach(async () => {
      await Promise.all(this.#browser?.contexts().map((context) => context.close()) ?? []);
    });
    afterAll(async () => {
      await this.#browser?.close();
    });
  }

  /** A page in a browser window of its own, with its own cookies. */
  async open(baseURL: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (this.#browser === undefined) throw new Error('the browser has not started');
    const context = await this.#browser.newContext({ baseURL, javaScriptEnabled: false, ...options });
    return context.newPage();
  }
}

import type { BrowserContext, Page, Request } from 'playwright-core';
import { formsOf } from '../acceptance/canary-search.ts';

/** Remembers all that passes between the browser windows of a context and servers. */
export class Sightings {
  readonly #seen = new Map<string, Buffer>();
  readonly #pending: Promise<void>[] = [];
  readonly #context: BrowserContext;

  constructor(context: BrowserContext) {
    this.#context = context;
    const ends = new Map<Request, () => void>();
    context.on('request', (request) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.set(request, resolve);
      const number = this.#pending.length + 1;
      const remembered = promise.then(() => this.#remember(request, number));
      // A test that has ended takes its window along; one that goes on waits for all of them.
      remembered.catch(() => {});
      this.#pending.push(remembered);
    });
    context.on('requestfinished', (request) => ends.get(request)?.());
    context.on('requestfailed', (request) => ends.get(request)?.());
  }

  /** Each place where the secret is, in any form: requests, answers, the page as it stands, and whatever the browser has stored. */
  async placesOf(secret: string, page: Page): Promise<string[]> {
    await Promise.all(this.#pending);
    const stored = { ...(await pageState(page)), cookies: JSON.stringify(await this.#context.cookies()) };
    for (const [place, text] of Object.entries(stored)) this.#seen.set(place, Buffer.from(text));
    const needles = formsOf(secret);
    return [...this.#seen].flatMap(([place, bytes]) =>
      needles.filter((needle) => bytes.includes(needle.bytes)).map(({ form }) => `${place}: ${form}`),
    );
  }

  /** What was looked at: a search of nothing finds nothing. */
  get places(): readonly string[] {
    return [...this.#seen.keys()];
  }

  async #remember(request: Request, number: number): Promise<void> {
    const name = `${number} ${request.method()} ${new URL(request.url()).pathname}`;
    this.#seen.set(
      `${name} request`,
      Buffer.from(`${request.url()}\n${JSON.stringify(await request.allHeaders())}\n${request.postData() ?? ''}`),
    );
    const answer = await request.response();
    if (answer === null) return;
    const head = Buffer.from(JSON.stringify(await answer.allHeaders()));
    // An answer without a body, or a redirect, has none to give.
    const body = await answer.body().catch(() => Buffer.alloc(0));
    this.#seen.set(`${name} answer`, Buffer.concat([head, body]));
  }
}

/** All that scripts of the page could get at. */
async function pageState(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const caches = await Promise.all(
      (await globalThis.caches.keys()).map(async (name) => {
        const cache = await globalThis.caches.open(name);
        const entries = await cache.matchAll();
        return Promise.all(entries.map((entry) => entry.text()));
      }),
    );
    const databases = await indexedDB.databases();
    const entriesOf = (storage: Storage) =>
      Array.from({ length: storage.length }, (_, index) => {
        const name = storage.key(index) ?? '';
        return `${name}=${storage.getItem(name)}`;
      }).join('\n');
    const globals = Object.entries(globalThis).flatMap(([name, value]) =>
      typeof value === 'string' ? [`${name}=${value}`] : [],
    );
    return {
      document: document.documentElement.outerHTML,
      fields: [...document.querySelectorAll('input, textarea')]
        .map((field) => (field as HTMLInputElement).value)
        .join('\n'),
      localStorage: entriesOf(localStorage),
      sessionStorage: entriesOf(sessionStorage),
      caches: JSON.stringify(caches),
      indexedDB: JSON.stringify(databases),
      history: `${location.href} ${JSON.stringify(history.state)}`,
      globals: globals.join('\n'),
    };
  });
}

import type { Page } from 'playwright-core';

/** What a page asked for, and what the browser said about it. */
export interface PolicyWatch {
  /** `<origin> <kind of resource>`, each once. */
  readonly asked: ReadonlySet<string>;
  readonly complaints: readonly string[];
}

/** Watches a window from here on: requests, the console, errors of scripts, and whatever its policy refuses. */
export async function watchPolicy(page: Page): Promise<PolicyWatch> {
  const asked = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => asked.add(`${new URL(request.url()).origin} ${request.resourceType()}`));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.exposeFunction('refusedByPolicy', (what: string) => complaints.push(`refused: ${what}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { refusedByPolicy } = globalThis as unknown as { refusedByPolicy(what: string): void };
      refusedByPolicy(`${violatedDirective} ${blockedURI}`);
    });
  });
  return { asked, complaints };
}

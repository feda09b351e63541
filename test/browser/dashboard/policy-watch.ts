import type { Page } from 'playwright-core';

/** What a page asked for, and what the browser said about it. */
interface PolicyWatch {
  /** `<origin> <kind of resource>`, each once. */
  readonly asked: ReadonlySet<string>;
  /** Lines of the console, where what a policy refuses stands too, and errors of scripts. */
  readonly complaints: readonly string[];
}

/** Watches a window from here on. */
export function watchPolicy(page: Page): PolicyWatch {
  const asked = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => asked.add(`${new URL(request.url()).origin} ${request.resourceType()}`));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return { asked, complaints };
}

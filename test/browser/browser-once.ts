import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the browser of the tests listens; `null` where there is none. */
    readonly browser: string | null;
  }
}

export const CHROMIUM = '/usr/bin/chromium';

/** Starts one browser for all files, each of which opens windows of its own in it. */
export default async function browserOnce(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(CHROMIUM)) {
    project.provide('browser', null);
    return async () => {};
  }
  const server = await chromium.launchServer({ executablePath: CHROMIUM, chromiumSandbox: false });
  project.provide('browser', server.wsEndpoint());
  return () => server.close();
}

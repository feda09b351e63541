import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { CHROMIUM } from '../test/browser/browser-once.ts';
import type { Bench, BenchResult } from './bench.ts';
import { type Contender, interleaved } from './rounds.ts';
import { Served } from './served.ts';

const KEYS = 40;
/** A phone, beside this machine. */
const SLOW = 4;

/** How long the dashboard shows nothing, with keys to show. */
export const bench: Bench = {
  title: 'First paint of the dashboard',
  plot: { unit: 'ms', scale: 'linear' },
  async run(options): Promise<BenchResult> {
    const server = await Served.prepare({ people: 1, keys: KEYS });
    const keysShown = new Map<string, number[]>();
    const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false });
    try {
      await server.process.start();
      const figures = await interleaved(
        [
          contender('new browser, 4 × slower', browser, server, keysShown, { slower: SLOW, isKnown: false }),
          contender('known browser, 4 × slower', browser, server, keysShown, { slower: SLOW, isKnown: true }),
          contender('new browser', browser, server, keysShown, { slower: 1, isKnown: false }),
        ],
        options,
      );
      const goal = (name: string) =>
        ({
          what: `first paint, ${name}, ms`,
          samples: figures.get(name) ?? [],
          better: 'lower',
          reach: 1_000,
          moonshot: null,
        }) as const;
      return {
        series: [
          ...[...figures].map(([name, samples]) => ({ name, unit: 'ms', samples })),
          ...[...keysShown].map(([name, samples]) => ({ name: `keys are there, ${name}`, unit: 'ms', samples })),
        ],
        goals: [goal('new browser, 4 × slower'), goal('known browser, 4 × slower')],
        facts: { browser: `Chromium ${browser.version()}`, keys: KEYS },
      };
    } finally {
      await browser.close();
      await server.close();
    }
  },
};

interface Look {
  /** By how much the processor of the page is slowed down. */
  readonly slower: number;
  /** The browser has its files from before. */
  readonly isKnown: boolean;
}

function contender(
  name: string,
  browser: Browser,
  server: Served,
  keysShown: Map<string, number[]>,
  look: Look,
): Contender {
  return {
    name,
    async round() {
      const context = await browser.newContext({ baseURL: server.url });
      const [value = ''] = server.credentials;
      await context.addCookies([{ name: 'outkit', value, url: server.url, httpOnly: true, sameSite: 'Lax' }]);
      try {
        if (look.isKnown) await timesOf(context, 1);
        const { paintedMs, keysMs } = await timesOf(context, look.slower);
        keysShown.set(name, [...(keysShown.get(name) ?? []), keysMs]);
        return paintedMs;
      } finally {
        await context.close();
      }
    },
  };
}

/** Milliseconds from the navigation to the first thing that is seen, and to the keys, in a new page. */
async function timesOf(context: BrowserContext, slower: number) {
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.goto('/');
  await page.getByRole('table').waitFor();
  const [paintedMs, keysMs] = await page.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    performance.now(),
  ]);
  if (paintedMs === undefined || keysMs === undefined) throw new Error('the browser has painted nothing');
  return { paintedMs, keysMs };
}

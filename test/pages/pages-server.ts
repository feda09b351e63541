import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect } from 'vitest';
import type { DashboardFiles } from '../../src/server/dashboard/dashboard-files.ts';
import { createHttpApp } from '../../src/server/http-app.ts';
import { addPages } from '../../src/server/pages/add-pages.ts';
import type { IdentityProvider } from '../../src/server/pages/page-options.ts';
import { freePort } from '../free-port.ts';
import { NOON } from '../key-builder.ts';
import { seededRandom } from '../seeded-random.ts';
import { PagePeople } from './page-people.ts';

export const OWNER = { email: 'ada@example.com', name: 'Ada Lovelace', password: 'correct horse battery' } as const;

/** For pages that only offer it. */
export const UNUSED_PROVIDER: IdentityProvider = {
  label: 'Example ID',
  start: () => Promise.reject(new Error('nobody goes there')),
  finish: () => Promise.reject(new Error('nobody comes back')),
};

/** What browsers without scripts see of the dashboard; `test/browser/dashboard` has the real one. */
const DASHBOARD: DashboardFiles = {
  document: {
    type: 'text/html; charset=utf-8',
    plain: Buffer.from(
      '<!doctype html><html lang="en"><title>Dashboard</title><noscript><meta http-equiv="refresh" content="0; url=/home"></noscript>',
    ),
    encoded: {},
  },
  assets: new Map(),
};

interface PagesServerOptions {
  readonly provider?: IdentityProvider;
  /** Where people reach the server; without it that is where it listens. */
  readonly publicUrl?: string;
}

/** The pages on a real server, over real people and a clock that only the test moves. */
export class PagesServer {
  readonly people: PagePeople;
  /** What the server reported as failures of its own. */
  readonly problems: readonly unknown[];
  /** Where it listens. */
  readonly url: string;
  readonly publicUrl: string;
  readonly #app: FastifyInstance;
  readonly #clock: { at: number };

  private constructor(
    parts: Pick<PagesServer, 'people' | 'problems' | 'url' | 'publicUrl'> & {
      readonly app: FastifyInstance;
      readonly clock: { at: number };
    },
  ) {
    this.people = parts.people;
    this.problems = parts.problems;
    this.url = parts.url;
    this.publicUrl = parts.publicUrl;
    this.#app = parts.app;
    this.#clock = parts.clock;
  }

  static async start({ provider, publicUrl: publicAt }: PagesServerOptions = {}): Promise<PagesServer> {
    const fillRandom = seededRandom(7);
    const problems: unknown[] = [];
    const onProblem = (what: string, error: unknown) => problems.push(what, error);
    // The public address has the port in it, so that is taken first.
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const publicUrl = publicAt ?? url;
    const time = { at: NOON };
    const clock = { now: () => time.at };
    const app = createHttpApp({
      ownNames: [new URL(publicUrl).hostname],
      trustedProxies: [],
      fillRandom,
      onInternalError: (error) => problems.push(error),
    });
    const people = await PagePeople.open({ clock, fillRandom, publicUrl, onProblem });
    addPages(app, {
      signIn: people.signIn,
      findSession: people.accounts.findSession,
      me: people.me,
      publicUrl,
      secret: seededRandom(3)(new Uint8Array(32)),
      provider: provider ?? null,
      clock,
      fillRandom,
      dashboard: DASHBOARD,
    });
    await app.listen({ host: '127.0.0.1', port });
    return new PagesServer({ app, people, problems, url, publicUrl, clock: time });
  }

  advance(byMs: number): void {
    this.#clock.at += byMs;
  }

  async addOwner(): Promise<void> {
    await this.people.addAccount(OWNER.email, OWNER.name, OWNER.password);
  }

  async stop(): Promise<void> {
    await this.#app.close();
    await this.people.close();
  }
}

/** A server of its own for each test of a file; it MUST have reported no failure. */
export class PagesForTests {
  readonly #options: PagesServerOptions;
  #server: PagesServer | undefined;

  constructor(options: PagesServerOptions = {}) {
    this.#options = options;
    beforeEach(async () => {
      this.#server = await PagesServer.start(this.#options);
    });
    afterEach(async () => {
      await this.server.stop();
      expect(this.server.problems).toEqual([]);
    });
  }

  get server(): PagesServer {
    if (this.#server === undefined) throw new Error('the server has not started');
    return this.#server;
  }
}

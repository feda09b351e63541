import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect } from 'vitest';
import { createHttpApp } from '../../src/server/http-app.ts';
import { addPages } from '../../src/server/pages/add-pages.ts';
import type { IdentityProvider } from '../../src/server/pages/page-options.ts';
import { freePort } from '../free-port.ts';
import { NOON } from '../key-builder.ts';
import { seededRandom } from '../seeded-random.ts';
import { FakePeople } from './fake-people.ts';

export const OWNER = { email: 'ada@example.com', name: 'Ada Lovelace', password: 'correct horse battery' } as const;

interface PagesServerOptions {
  readonly provider?: IdentityProvider;
  /** Where people reach the server; without it that is where it listens. */
  readonly publicUrl?: string;
}

/** The pages on a real server, over people in memory and a clock that only the test moves. */
export class PagesServer {
  readonly people: FakePeople;
  /** What the server reported as failures of its own. */
  readonly problems: readonly unknown[];
  /** Where it listens. */
  readonly url: string;
  readonly publicUrl: string;
  readonly #app: FastifyInstance;
  #now = NOON;

  private constructor(app: FastifyInstance, urls: { url: string; publicUrl: string }, problems: readonly unknown[]) {
    this.#app = app;
    this.problems = problems;
    this.url = urls.url;
    this.publicUrl = urls.publicUrl;
    this.people = new FakePeople({ now: () => this.#now }, seededRandom(20260131));
  }

  static async start({ provider, publicUrl }: PagesServerOptions = {}): Promise<PagesServer> {
    const fillRandom = seededRandom(7);
    const problems: unknown[] = [];
    const ownNames = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
    const app = createHttpApp({
      ownNames,
      trustedProxies: [],
      fillRandom,
      onInternalError: (error) => problems.push(error),
    });
    // The public address has the port in it, so that is taken first.
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = new PagesServer(app, { url, publicUrl: publicUrl ?? url }, problems);
    addPages(app, {
      signIn: server.people.signIn,
      findSession: server.people.findSession,
      me: server.people.me,
      publicUrl: server.publicUrl,
      secret: seededRandom(3)(new Uint8Array(32)),
      provider: provider ?? null,
      clock: { now: () => server.now() },
      fillRandom,
    });
    await app.listen({ host: '127.0.0.1', port });
    return server;
  }

  now(): number {
    return this.#now;
  }

  advance(byMs: number): void {
    this.#now += byMs;
  }

  addOwner(): void {
    this.people.addAccount(OWNER.email, OWNER.name, OWNER.password);
  }

  async stop(): Promise<void> {
    await this.#app.close();
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

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach } from 'vitest';
import type { Environment } from '../../../src/core/environment.ts';
import type { CreateKey } from '../../../src/core/key-service.ts';
import { DEFAULT_DESIGN } from '../../../src/core/profile.ts';
import type { ProfileSummary } from '../../../src/core/profile-service.ts';
import { AccountsServer, type TestPerson } from '../../accounts-server.ts';
import { mintedKey } from '../../minted-key.ts';
import { seededRandom } from '../../seeded-random.ts';
import { BrowserForTests } from '../browser.ts';

export const WIDTHS = [390, 820, 1280] as const;

/** A real server with an owner for each test of a file, and windows of a browser in which people are signed in. */
export class DashboardWorld {
  readonly #browser = new BrowserForTests();
  readonly #fillRandom = seededRandom(8);
  #server: AccountsServer | undefined;
  #owner: TestPerson | undefined;
  teamId = '';

  constructor() {
    beforeEach(async () => {
      this.#server = await AccountsServer.start();
      this.#owner = await this.server.owner();
      this.teamId = (await this.services.teams.list())[0]?.id ?? '';
    });
    afterEach(() => this.server.stop());
  }

  get server(): AccountsServer {
    if (this.#server === undefined) throw new Error('the server has not started');
    return this.#server;
  }

  get owner(): TestPerson {
    if (this.#owner === undefined) throw new Error('there is no owner yet');
    return this.#owner;
  }

  /** Of the owner. */
  get services() {
    return this.server.as(this.owner);
  }

  newProfile(name = 'Web', teamId = this.teamId): Promise<ProfileSummary> {
    return this.services.profiles.create({ name, plan: 'pro', design: DEFAULT_DESIGN }, teamId);
  }

  /** A secret as the command line mints it. */
  mint(environment: Environment) {
    return mintedKey(this.#fillRandom, environment);
  }

  async newKey(profileId: string, fields: Partial<CreateKey> = {}) {
    const environment = fields.environment ?? 'development';
    const { plaintext, secret } = this.mint(environment);
    this.server.advance(1);
    const key = { profileId, name: 'ci', environment, rateLimitPerMinute: null, expiresAt: null, secret };
    return { ...(await this.services.keys.create({ ...key, ...fields })), plaintext };
  }

  async render(plaintext: string, count = 1): Promise<void> {
    for (let call = 0; call < count; call++) {
      const headers = { 'x-outkit-api-key': plaintext };
      await (await fetch(`${this.server.url}/components`, { headers })).arrayBuffer();
    }
  }

  /** A window with scripts, whose clock begins at that of the server and can be sent ahead, in which that person is signed in. */
  async open(person: TestPerson | null = this.owner, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.#browser.open(this.server.url, { javaScriptEnabled: true, ...options });
    if (options.javaScriptEnabled !== false) await page.clock.install({ time: this.server.now() });
    if (person !== null) {
      const cookie = { name: 'outkit', value: person.credential, url: this.server.url };
      await page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: 'Lax' }]);
    }
    return page;
  }
}

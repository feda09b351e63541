import { afterAll, beforeAll } from 'vitest';
import type { CreateKey, KeySummary } from '../src/core/key-service.ts';
import { AccountsServer, PASSWORD, type TestPerson } from './accounts-server.ts';
import { mintedKey } from './minted-key.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { seededRandom } from './seeded-random.ts';

const OWNER = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };

/** A key, and the one place that knows its plaintext. */
export type TestKey = KeySummary & { readonly plaintext: string };

/** Three real servers on one database for the tests of a file, each counting limits for itself, and their owner. */
export class GatewayServers {
  readonly database = new PostgresDatabase();
  readonly #fillRandom = seededRandom(12);
  #servers: readonly AccountsServer[] = [];
  #olga: TestPerson | undefined;
  #profileId = '';

  constructor() {
    beforeAll(async () => {
      if (!this.database.isThere) return;
      this.#servers = [await this.start('gateway-1'), await this.start('gateway-2'), await this.start('gateway-3')];
      this.#olga = await this.at(0).signIn(OWNER.email);
      this.#profileId = (await this.as().profiles.create({ name: 'Shop', plan: 'pro', design: {} })).id;
    });
    afterAll(() => Promise.all(this.#servers.map((server) => server.stop())));
  }

  get all(): readonly AccountsServer[] {
    return this.#servers;
  }

  get olga(): TestPerson {
    if (this.#olga === undefined) throw new Error('the servers have not started');
    return this.#olga;
  }

  get profileId(): string {
    return this.#profileId;
  }

  /** One more on the same database. */
  start(gatewayName: string, limits: 'shared' | 'per-gateway' = 'per-gateway'): Promise<AccountsServer> {
    return AccountsServer.start({ databaseUrl: this.database.url, owner: OWNER, gatewayName, limits });
  }

  at(index: number): AccountsServer {
    return this.#servers[index] as AccountsServer;
  }

  /** The services of the owner at one of the servers. */
  as(index = 0) {
    return this.at(index).as(this.olga);
  }

  mint() {
    return mintedKey(this.#fillRandom);
  }

  /** A key whose limit no test reaches by accident. */
  async createKey(index = 0, fields: Partial<CreateKey> = {}): Promise<TestKey> {
    const { plaintext, secret } = this.mint();
    const wanted: CreateKey = {
      profileId: this.profileId,
      name: 'web',
      environment: 'development',
      rateLimitPerMinute: 1_000_000,
      expiresAt: null,
      ...fields,
      secret,
    };
    return { ...(await this.as(index).keys.create(wanted)), plaintext };
  }

  /** What every gateway says of a key, each asked now. */
  everywhere(plaintext: string): Promise<string[]> {
    return Promise.all(this.all.map((server) => say(server, plaintext)));
  }
}

/** The code of the answer, or its status where there is none. */
export async function say({ url }: AccountsServer, plaintext: string): Promise<string> {
  const answer = await fetch(`${url}/components`, { headers: { 'x-outkit-api-key': plaintext } });
  const body = (await answer.json()) as { code?: string };
  return body.code ?? String(answer.status);
}

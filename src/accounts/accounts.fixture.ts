import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { seededRandom } from '../../test/seeded-random.ts';
import type { Accounts, Person } from '../core/accounts.ts';
import type { WithAccountsDatabase } from '../storage/accounts-database.ts';
import { openSqliteStore } from '../storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../storage/store.ts';
import type { AuthParts } from './auth.ts';
import { createAccounts } from './create-accounts.ts';

export const AT = Date.parse('2026-11-25T09:00:00Z');
export const ORIGIN = { ip: '192.0.2.7', agent: 'Firefox 145' };
export const PASSWORD = 'correct horse battery';

/** Accounts over a real database in a directory of their own, made anew for each test. Its clock stands still. */
export class TestAccounts {
  now = AT;
  /** For files of the test, too. Removed after it. */
  root = '';
  directory = '';
  readonly problems: string[] = [];
  #store: (Store & WithAccountsDatabase) | null = null;
  #accounts: Accounts | null = null;

  get store(): Store & WithAccountsDatabase {
    if (this.#store === null) throw new Error('not open');
    return this.#store;
  }

  get accounts(): Accounts {
    if (this.#accounts === null) throw new Error('not open');
    return this.#accounts;
  }

  async open(seed: number): Promise<void> {
    this.#store = await openSqliteStore({ directory: this.directory });
    this.#accounts = await createAccounts(this.parts(seed));
  }

  parts(seed: number): AuthParts {
    return {
      database: this.store.accountsDatabase,
      secret: 'a secret that signs nothing which leaves, with seed 7',
      baseUrl: 'https://outkit.example',
      clock: { now: () => this.now },
      fillRandom: seededRandom(seed),
      onProblem: (what) => this.problems.push(what),
    };
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  async addPerson(email = 'ada@example.com', password: string | null = PASSWORD): Promise<Person> {
    const person = await this.accounts.createPerson({ email, name: 'Ada', password });
    if (person === null) throw new Error(`${email} is taken`);
    return person;
  }
}

/** Sets up and tears down around each test of the file. */
export function useAccounts(): TestAccounts {
  const test = new TestAccounts();
  beforeEach(async () => {
    test.now = AT;
    test.root = mkdtempSync(join(tmpdir(), 'outkit-accounts-'));
    test.directory = join(test.root, 'data');
    test.problems.length = 0;
    await test.open(1);
  });
  afterEach(async () => {
    await test.close();
    rmSync(test.root, { recursive: true });
  });
  return test;
}

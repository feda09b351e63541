import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword } from 'better-auth/crypto';
import { Kysely } from 'kysely';
import { memoryAttempts } from '../../src/accounts/attempts.ts';
import { createAccounts } from '../../src/accounts/create-accounts.ts';
import { PASSWORD_PROVIDER } from '../../src/accounts/passwords.ts';
import type { AccountSession, Accounts, Origin, Person, StartedSession } from '../../src/core/accounts.ts';
import type { Attempts } from '../../src/core/attempts.ts';
import type { Role } from '../../src/core/authorization.ts';
import { type Clock, newId } from '../../src/core/clock.ts';
import { OutkitError } from '../../src/core/errors.ts';
import type { MeService } from '../../src/core/people-service.ts';
import type { Team } from '../../src/core/profile.ts';
import type { FillRandom } from '../../src/core/secret.ts';
import type { SignedIn, SignInService } from '../../src/core/sign-in-service.ts';
import { meServices } from '../../src/services/me-services.ts';
import { peopleServices } from '../../src/services/people-services.ts';
import { signInServices } from '../../src/services/sign-in/sign-in-services.ts';
import type { WithAccountsDatabase } from '../../src/storage/accounts-database.ts';
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts';
import type { Store } from '../../src/storage/store.ts';

interface PeopleParts {
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
  readonly publicUrl: string;
  readonly onProblem: (what: string, error: unknown) => void;
}

interface AccountTables {
  readonly auth_account: Readonly<Record<string, string>>;
  readonly auth_device_code: { readonly id: string };
}

/** Hashing takes a tenth of a second on purpose, so each password is hashed once for all tests of a file. */
const hashes = new Map<string, Promise<string>>();

function hashOf(password: string): Promise<string> {
  const hash = hashes.get(password) ?? hashPassword(password);
  hashes.set(password, hash);
  return hash;
}

/** Real people, in a database of their own, with short ways to what the tests of pages begin with. */
export class PagePeople {
  readonly setupToken = 'setup-token-of-this-suite';
  readonly accounts: Accounts;
  readonly signIn: SignInService;
  /** Set to let every guess be one too many. */
  limit: { retryAfterMs: number } | null = null;
  readonly #store: Store & WithAccountsDatabase;
  readonly #parts: PeopleParts;
  readonly #directory: string;

  private constructor(
    store: Store & WithAccountsDatabase,
    accounts: Accounts,
    parts: PeopleParts & { readonly directory: string },
  ) {
    const { clock, fillRandom, publicUrl, onProblem, directory } = parts;
    this.accounts = accounts;
    this.#store = store;
    this.#parts = parts;
    this.#directory = directory;
    const attempts = this.#limited(memoryAttempts());
    const { setupToken } = this;
    const ports = { store, accounts, attempts, clock, fillRandom, publicUrl, onProblem };
    this.signIn = signInServices({ ...ports, sendMail: async () => true, setupToken });
  }

  static async open(parts: PeopleParts): Promise<PagePeople> {
    const directory = await mkdtemp(join(tmpdir(), 'outkit-pages-'));
    const store = await openSqliteStore({ directory: join(directory, 'data') });
    const { publicUrl: baseUrl, ...rest } = parts;
    const secret = 'a secret that signs nothing which leaves, with seed 3';
    const accounts = await createAccounts({ ...rest, baseUrl, secret, database: store.accountsDatabase });
    return new PagePeople(store, accounts, { ...parts, directory });
  }

  readonly me = (who: SignedIn): MeService =>
    meServices({ store: this.#store, accounts: this.accounts, clock: this.#parts.clock }, who);

  /** Somebody who owns a team of their own. */
  async addAccount(email: string, name: string, password: string | null, teamName = 'Acme'): Promise<void> {
    const person = await this.accounts.createPerson({ email, name, password: null });
    if (person === null) throw new Error(`${email} is taken`);
    if (password !== null) await this.#insertPassword(person.id, await hashOf(password));
    await this.foundTeam(email, teamName);
  }

  async foundTeam(email: string, name: string): Promise<Team> {
    const { clock, fillRandom } = this.#parts;
    const since = clock.now();
    const team = { id: newId('team', fillRandom), name, createdAt: since };
    const owner = { teamId: team.id, personId: (await this.#person(email)).id, role: 'owner', since } as const;
    const author = { actor: email, session: null, client: null, ip: null, at: since };
    await this.#store.foundTeam(team, owner, author);
    return team;
  }

  /** The names of the teams of somebody, with the role there. */
  async teamsOf(email: string): Promise<(readonly [name: string, role: Role])[]> {
    const roles = await this.#store.teamsOf((await this.#person(email)).id);
    return roles.map(({ team, role }) => [team.name, role]);
  }

  /** The token of a link for a new password. */
  async resetToken(email: string): Promise<string> {
    return this.accounts.createReset((await this.#person(email)).id);
  }

  async startSession(email: string, origin: Origin): Promise<StartedSession> {
    return this.accounts.startSession((await this.#person(email)).id, origin);
  }

  /** Newest first. */
  async sessionsOf(email: string): Promise<readonly AccountSession[]> {
    return this.accounts.listSessions((await this.#person(email)).id);
  }

  /** The token of an invitation to a team of that name, by somebody who founded it for that. */
  async invite(email: string, role: Role, teamName = 'Acme'): Promise<string> {
    const host = 'host@example.com';
    if ((await this.accounts.findPersonByEmail(host)) === null) {
      await this.accounts.createPerson({ email: host, name: 'Host', password: null });
    }
    const { id } = await this.foundTeam(host, teamName);
    const { id: personId } = await this.#person(host);
    const requester = { name: host, personId, session: null, client: 'test/1', ip: '192.0.2.7' };
    const ports = { ...this.#parts, store: this.#store, accounts: this.accounts, sendMail: null };
    const { url } = await peopleServices(ports, requester).invite(id, email, role);
    return url.split('/').at(-1) ?? '';
  }

  /** How many programs wait, were let in or sent away. */
  async countDevices(): Promise<number> {
    return (await this.#tables.selectFrom('auth_device_code').select('id').execute()).length;
  }

  async close(): Promise<void> {
    await this.#store.close();
    await rm(this.#directory, { recursive: true });
  }

  get #tables(): Kysely<AccountTables> {
    return new Kysely<AccountTables>({ dialect: this.#store.accountsDatabase.dialect });
  }

  async #insertPassword(personId: string, password: string): Promise<void> {
    const { clock, fillRandom } = this.#parts;
    const at = new Date(clock.now()).toISOString();
    const owner = { id: newId('auth', fillRandom), userId: personId, accountId: personId };
    const row = { ...owner, providerId: PASSWORD_PROVIDER, password, createdAt: at, updatedAt: at };
    await this.#tables.insertInto('auth_account').values(row).execute();
  }

  async #person(email: string): Promise<Person> {
    const person = await this.accounts.findPersonByEmail(email);
    if (person === null) throw new Error(`${email} has no account`);
    return person;
  }

  #limited(attempts: Attempts): Attempts {
    return {
      ...attempts,
      count: async (kind, by) => {
        if (this.limit !== null) throw new OutkitError('rate_limited', 'Too many tries', null, this.limit);
        await attempts.count(kind, by);
      },
    };
  }
}

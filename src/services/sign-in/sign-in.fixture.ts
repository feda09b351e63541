import { beforeEach } from 'vitest';
import { seededRandom } from '../../../test/seeded-random.ts';
import { ORIGIN, PASSWORD, type TestAccounts, useAccounts } from '../../accounts/accounts.fixture.ts';
import { memoryAttempts } from '../../accounts/attempts.ts';
import type { StartedSession } from '../../core/accounts.ts';
import type { AuditEntry } from '../../core/audit.ts';
import type { Role } from '../../core/authorization.ts';
import type { SignedIn, SignInService } from '../../core/sign-in-service.ts';
import { meServices } from '../me-services.ts';
import { peopleServices } from '../people-services.ts';
import { signInServices } from './sign-in-services.ts';

export const SETUP_TOKEN = 'setup-token-of-this-process';
export const SETUP = {
  token: SETUP_TOKEN,
  email: 'ada@example.com',
  name: 'Ada',
  password: PASSWORD,
  teamName: 'Engines',
};

/** All ways in, over real accounts on a real database, made anew for each test. */
export class SignInBench {
  readonly t: TestAccounts;
  readonly mails: { readonly to: string; readonly subject: string; readonly text: string }[] = [];
  #signIn: SignInService | null = null;

  constructor(t: TestAccounts) {
    this.t = t;
  }

  get signIn(): SignInService {
    this.#signIn ??= this.#services();
    return this.#signIn;
  }

  #services(): SignInService {
    const { t } = this;
    return signInServices({
      store: t.store,
      accounts: t.accounts,
      attempts: memoryAttempts(),
      clock: { now: () => t.now },
      fillRandom: seededRandom(3),
      setupToken: SETUP_TOKEN,
      publicUrl: 'https://outkit.example',
      onProblem: (what) => t.problems.push(what),
      sendMail: async (mail) => {
        this.mails.push(mail);
        return true;
      },
    });
  }

  reset(): void {
    this.#signIn = null;
    this.mails.length = 0;
  }

  /** Sets the server up, and resolves to its owner. */
  async owner(): Promise<SignedIn> {
    return this.who(await this.signIn.setUp(SETUP, ORIGIN));
  }

  async who({ credential }: StartedSession): Promise<SignedIn> {
    const found = await this.t.accounts.findSession(credential);
    if (found === null) throw new Error('the credential opens nothing');
    return { ...found, origin: ORIGIN };
  }

  async team() {
    const [team] = await this.t.store.listTeams();
    if (team === undefined) throw new Error('there is no team');
    return team;
  }

  me(who: SignedIn) {
    const { store, accounts } = this.t;
    return meServices({ store, accounts, clock: { now: () => this.t.now } }, who);
  }

  people({ person, session, origin }: SignedIn) {
    const { store, accounts } = this.t;
    const ports = { store, accounts, clock: { now: () => this.t.now }, fillRandom: seededRandom(this.t.now) };
    const requester = {
      name: person.email,
      personId: person.id,
      session: session.id,
      client: origin.agent,
      ip: origin.ip,
    };
    return peopleServices({ ...ports, publicUrl: 'https://outkit.example', sendMail: null }, requester);
  }

  /** The token of a new invitation. */
  async invited(by: SignedIn, email: string, role: Role = 'member'): Promise<string> {
    const { url } = await this.people(by).invite((await this.team()).id, email, role);
    return url.split('/').at(-1) ?? '';
  }

  /** What the audit log says, oldest first. */
  async log(): Promise<readonly AuditEntry[]> {
    return this.t.store.auditChain((await this.team()).id, 0, 100);
  }

  async actions(): Promise<string[]> {
    return (await this.log()).map(({ action }) => action);
  }
}

export function useSignIns(): SignInBench {
  const bench = new SignInBench(useAccounts());
  beforeEach(() => bench.reset());
  return bench;
}

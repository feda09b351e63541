import type { Accounts, Origin, Person, StartedSession } from '../../core/accounts.ts';
import type { Attempts } from '../../core/attempts.ts';
import type { AuditAuthor, AuditedChange } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import { OutkitError } from '../../core/errors.ts';
import type { KeyStore } from '../../core/key-store.ts';
import type { SendMail } from '../../core/mail.ts';
import type { PeopleStore } from '../../core/people-store.ts';
import type { FillRandom } from '../../core/secret.ts';
import type { SignedIn } from '../../core/sign-in-service.ts';
import { announcedOf } from '../announced.ts';
import { authorOfPerson, personChange } from '../me-services.ts';

export interface SignInPorts {
  readonly store: PeopleStore & Pick<KeyStore, 'listTeams'>;
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
  /** Origin under which people reach the server. */
  readonly publicUrl: string;
  /** `null` when the server sends no mail. */
  readonly sendMail: SendMail | null;
  /** Told what failed when nobody waits for it. */
  readonly onProblem: (what: string, error: unknown) => void;
  /** Of the setup link of this process; `null` when it printed none. */
  readonly setupToken: string | null;
}

/** How somebody came in, for the audit log. */
type SignInMethod = 'password' | 'identity' | 'invitation' | 'device' | 'reset' | 'setup';

/** What all ways in have in common. */
export interface SignInTools extends SignInPorts {
  /** The person, or `null` for a wrong password; counts the failure. `rate_limited`. */
  checked(email: string, password: string, origin: Origin): Promise<Person | null>;
  /** Starts a session, with its entry in the audit log of the person's teams. `confirm` throws when it may not go on, and it ends. */
  start(person: Person, method: SignInMethod, origin: Origin, confirm?: () => void): Promise<StartedSession>;
  /** Does something to an account, in the name of somebody who has no session yet. */
  audited<Result>(person: Person, origin: Origin, change: AuditedChange, work: () => Promise<Result>): Promise<Result>;
  /** The same in the name of somebody who has one; `isDone` as in {@link announced}. */
  auditedBy<Result>(
    who: SignedIn,
    change: AuditedChange,
    work: () => Promise<Result>,
    isDone?: (result: Result) => boolean,
  ): Promise<Result>;
  /** Somebody who has no session yet, as the audit log names them. */
  authorBefore(email: string, origin: Origin): AuditAuthor;
}

/** More checks of passwords at once than this are refused: each takes memory and a core for a moment. */
const MAX_CHECKS = 16;

export function signInTools(ports: SignInPorts): SignInTools {
  const { store, accounts, attempts, clock } = ports;
  let checks = 0;
  const tools: SignInTools = {
    ...ports,
    async checked(email, password, { ip }) {
      const by = { ip, account: email };
      // Before it is counted: nobody is locked out by a crowd that somebody else sends.
      if (checks >= MAX_CHECKS)
        throw new OutkitError('unavailable', 'Too many people sign in at this moment', 'try again');
      checks += 1;
      try {
        await attempts.count('sign_in', by);
        const person = await accounts.checkPassword(email, password);
        if (person !== null) await attempts.forgive('sign_in', by);
        return person;
      } finally {
        checks -= 1;
      }
    },
    start(person, method, origin, confirm = () => {}) {
      const change = personChange('session.start', person.id, { email: person.email, method });
      return tools.audited(person, origin, change, async () => {
        const started = await accounts.startSession(person.id, origin);
        try {
          confirm();
          return started;
        } catch (error) {
          await accounts.endSession(person.id, started.session.id);
          throw error;
        }
      });
    },
    audited: (person, origin, change, work) =>
      announcedOf(store, person, tools.authorBefore(person.email, origin), change, work),
    auditedBy: (who, change, work, isDone) =>
      announcedOf(store, who.person, authorOfPerson(who, clock), change, work, isDone),
    authorBefore: (email, { ip, agent }) => ({ actor: email, session: null, client: agent, ip, at: clock.now() }),
  };
  return tools;
}

/** One answer for everything that does not fit, so that nobody learns what there is. */
export function wrong(what: string): OutkitError {
  return new OutkitError('unauthenticated', what, 'try again');
}

import type { AccountSession, Accounts } from '../core/accounts.ts';
import type { AuditAction, AuditedChange } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { MeService, SessionSummary } from '../core/people-service.ts';
import type { PeopleStore, TeamRole } from '../core/people-store.ts';
import type { SignedIn } from '../core/sign-in-service.ts';
import { announcedOf } from './announced.ts';
import { missing, noAccounts } from './refusals.ts';
import { teamSummary } from './team-services.ts';

interface MePorts {
  readonly store: PeopleStore;
  readonly accounts: Accounts;
  readonly clock: Clock;
}

/** The account of the person who asks. */
export function meServices({ store, accounts, clock }: MePorts, who: SignedIn): MeService {
  const { person, session } = who;
  const summary = (found: AccountSession) => sessionSummary(found, session.id);
  return {
    async me() {
      const teams = (await store.teamsOf(person.id)).map(teamSummary);
      return { person, session: summary(session), teams };
    },
    listSessions: async () => (await accounts.listSessions(person.id)).map(summary),
    async signOut() {
      await ending(session.id, () => accounts.endSession(person.id, session.id));
    },
    async endSession(sessionId) {
      if (!(await accounts.listSessions(person.id)).some(({ id }) => id === sessionId)) throw missing('session');
      await ending(sessionId, () => accounts.endSession(person.id, sessionId));
    },
    endOtherSessions: () => ending('others', () => accounts.endSessions(person.id, session.id)),
  };

  async function ending<Result>(subjectId: string, work: () => Promise<Result>): Promise<Result> {
    const change = personChange('session.end', subjectId, { email: person.email });
    return announcedOf(store, person, authorOfPerson(who, clock), change, work);
  }
}

/** What `outkit dev` says of its one credential. */
export function localMe(roles: readonly TeamRole[]): MeService {
  const refuse = async () => {
    throw noAccounts();
  };
  return {
    me: async () => ({ person: null, session: null, teams: roles.map(teamSummary) }),
    listSessions: refuse,
    signOut: refuse,
    endSession: refuse,
    endOtherSessions: refuse,
  };
}

/** A person as the audit log names them. */
export function authorOfPerson({ person, session, origin }: SignedIn, clock: Clock) {
  return { actor: person.email, session: session.id, client: origin.agent, ip: origin.ip, at: clock.now() };
}

/** What the audit log says of a change in somebody's account. */
export function personChange(
  action: AuditAction & `${'person' | 'session' | 'device'}.${string}`,
  subjectId: string,
  facts: Readonly<Record<string, string>>,
): AuditedChange {
  const subjectKind = action.startsWith('session.end') ? 'session' : 'person';
  return { action, subjectKind, subjectId, profileId: null, before: null, after: facts };
}

function sessionSummary(session: AccountSession, currentId: string): SessionSummary {
  const { id, createdAt, usedAt, expiresAt, ip, agent } = session;
  return { id, createdAt, usedAt, expiresAt, ip, agent, isCurrent: id === currentId };
}

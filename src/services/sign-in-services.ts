import { createHash, timingSafeEqual } from 'node:crypto';
import type { Accounts, Origin, Person, StartedSession } from '../core/accounts.ts';
import type { AttemptKind, Attempts } from '../core/attempts.ts';
import type { AuditAuthor, AuditedChange } from '../core/audit.ts';
import { type Clock, newId } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeyStore } from '../core/key-store.ts';
import { acceptInvitation, claimTeam, type Invitation, isEnded } from '../core/membership.ts';
import type { PeopleStore } from '../core/people-store.ts';
import type { FillRandom } from '../core/secret.ts';
import type { SignedIn, SignInService } from '../core/sign-in-service.ts';
import { announced } from './announced.ts';
import { deviceSignIns } from './device-sign-ins.ts';
import { authorOfPerson, personChange, teamIdsOf } from './me-services.ts';
import { changedPeople, tokenHash } from './people-services.ts';
import { forbidden, peopleRefusal } from './refusals.ts';

export interface SignInPorts {
  readonly store: PeopleStore & Pick<KeyStore, 'listTeams'>;
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
  /** Of the setup link of this process; `null` when it printed none. */
  readonly setupToken: string | null;
}

/** How somebody came in, for the audit log. */
type Method = 'password' | 'identity' | 'invitation' | 'setup';

/** More checks of passwords at once than this are refused: each takes memory and a core for a moment. */
const MAX_CHECKS = 16;

export function signInServices(ports: SignInPorts): SignInService {
  const { store, accounts, attempts, clock, fillRandom } = ports;
  let setupToken = ports.setupToken;
  let checks = 0;
  return {
    isSetUp: () => store.hasOwner(),
    async setUp({ token, email, name, password, teamName }, origin) {
      const by = { ip: origin.ip, account: null };
      await attempts.count('setup', by);
      const claimed = setupToken;
      if (claimed === null || !isSame(token, claimed) || (await store.hasOwner()))
        throw wrong('The setup link is not valid');
      // Taken before the first await that changes something: of two who have the link one becomes the owner.
      setupToken = null;
      try {
        const person = await owner(email, name, password);
        await ownTeams(person, teamName, origin);
        return await start(person, 'setup', origin);
      } finally {
        if (!(await store.hasOwner())) setupToken = claimed;
      }
    },
    async signIn(email, password, origin) {
      const person = await checked('sign_in', email, password, origin);
      if (person === null) throw wrong('E-mail or password is wrong');
      return start(person, 'password', origin);
    },
    async signInBy({ issuer, subject, email, isEmailVerified }, origin) {
      const identity = { issuer, subject };
      const known = await accounts.findPersonByIdentity(identity);
      if (known !== null) return start(known, 'identity', origin);
      const person = email === null || !isEmailVerified ? null : await accounts.findPersonByEmail(email.toLowerCase());
      if (person === null) throw wrong('Nobody here has the verified address of that account: ask for an invitation');
      const change = personChange('person.identity', person.id, { email: person.email, issuer });
      await audited(person, origin, change, () => accounts.linkIdentity(person.id, identity));
      return start(person, 'identity', origin);
    },
    async signOut(who) {
      const change = personChange('session.end', who.session.id, { email: who.person.email });
      await auditedBy(who, change, () => accounts.endSession(who.person.id, who.session.id));
    },
    async changePassword(who, current, next) {
      const { person, session, origin } = who;
      if ((await checked('sign_in', person.email, current, origin)) === null) {
        throw wrong('The current password is wrong');
      }
      await auditedBy(who, personChange('person.password', person.id, { email: person.email }), async () => {
        await accounts.setPassword(person.id, next);
        await accounts.endSessions(person.id, session.id);
      });
    },
    async findInvitation(token, origin) {
      const { teamId, email, role, expiresAt } = await openInvitation(token, origin);
      const team = (await store.findPeople(teamId))?.team;
      if (team === undefined) throw peopleRefusal('invitation_ended');
      return {
        teamName: team.name,
        email,
        role,
        expiresAt,
        hasAccount: (await accounts.findPersonByEmail(email)) !== null,
      };
    },
    async acceptInvitation(token, { name, password }, origin) {
      const { id, teamId, email } = await openInvitation(token, origin);
      const author = authorBefore(email, origin);
      const change = personChange('person.create', email, { email, name });
      const person = await announced(store, [teamId], author, change, () =>
        accounts.createPerson({ email, name, password }),
      );
      if (person === null) throw wrong('There is an account with this address: sign in, then join');
      await changedPeople(store, teamId, authorBefore(email, origin), 'invitation', (people) =>
        acceptInvitation(people, id, person.id, clock.now()),
      );
      return start(person, 'invitation', origin);
    },
    async acceptInvitationAs(who, token) {
      const { id, teamId, email } = await openInvitation(token, who.origin);
      if (email !== who.person.email) throw forbidden('This invitation is for another address than yours');
      await changedPeople(store, teamId, authorOfPerson(who, clock), 'invitation', (people) =>
        acceptInvitation(people, id, who.person.id, clock.now()),
      );
    },
    ...deviceSignIns({ accounts, attempts, auditedBy }),
  };

  /** The person, or `null` for a wrong password; counts the failure. */
  async function checked(kind: AttemptKind, email: string, password: string, { ip }: Origin): Promise<Person | null> {
    await attempts.count(kind, { ip, account: email });
    if (checks >= MAX_CHECKS)
      throw new OutkitError('unavailable', 'Too many people sign in at this moment', 'try again');
    checks += 1;
    try {
      const person = await accounts.checkPassword(email, password);
      if (person !== null) await attempts.forgive(kind, { ip, account: email });
      return person;
    } finally {
      checks -= 1;
    }
  }

  async function openInvitation(token: string, { ip }: Origin): Promise<Invitation> {
    await attempts.count('invitation', { ip, account: null });
    const found = await store.findInvitation(tokenHash(token));
    if (found === null || isEnded(found, clock.now())) throw peopleRefusal('invitation_ended');
    await attempts.forgive('invitation', { ip, account: null });
    return found;
  }

  async function start(person: Person, method: Method, origin: Origin): Promise<StartedSession> {
    const change = personChange('session.start', person.id, { email: person.email, method });
    return audited(person, origin, change, () => accounts.startSession(person.id, origin));
  }

  /** Whoever has the setup link speaks for the operator: an account that is there already gets the new password. */
  async function owner(email: string, name: string, password: string): Promise<Person> {
    const created = await accounts.createPerson({ email, name, password });
    if (created !== null) return created;
    const found = await accounts.findPersonByEmail(email);
    if (found === null) throw new Error('an address is taken by nobody');
    await accounts.setPassword(found.id, password);
    return found;
  }

  /** Owns every team that has no owner, such as that of an `outkit dev` before; where there is none at all, a new one. */
  async function ownTeams(person: Person, teamName: string, origin: Origin): Promise<void> {
    const author = authorBefore(person.email, origin);
    const teams = await store.listTeams();
    for (const { id } of teams) {
      await changedPeople(store, id, author, 'person', (people) => claimTeam(people, person.id, clock.now()));
    }
    if (teams.length > 0) return;
    const team = { id: newId('team', fillRandom), name: teamName, createdAt: clock.now() };
    const member = { teamId: team.id, personId: person.id, role: 'owner', since: team.createdAt } as const;
    await store.foundTeam(team, member, author);
  }

  async function audited<Result>(
    person: Person,
    origin: Origin,
    change: AuditedChange,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const teamIds = teamIdsOf(await store.teamsOf(person.id));
    return announced(store, teamIds, authorBefore(person.email, origin), change, work);
  }

  async function auditedBy<Result>(who: SignedIn, change: AuditedChange, work: () => Promise<Result>): Promise<Result> {
    const teamIds = teamIdsOf(await store.teamsOf(who.person.id));
    return announced(store, teamIds, authorOfPerson(who, clock), change, work);
  }

  /** Somebody who has no session yet. */
  function authorBefore(email: string, { ip, agent }: Origin): AuditAuthor {
    return { actor: email, session: null, client: agent, ip, at: clock.now() };
  }
}

/** One answer for everything that does not fit, so that nobody learns what there is. */
function wrong(what: string): OutkitError {
  return new OutkitError('unauthenticated', what, 'try again');
}

/** Compares digests in constant time, so that a wrong token teaches nothing. */
function isSame(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

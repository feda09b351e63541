import type { AccountSession, DeviceRequest, Origin, Person, StartedSession } from '../../src/core/accounts.ts';
import type { Role } from '../../src/core/authorization.ts';
import { type Clock, DAY_MS, MINUTE_MS, newId } from '../../src/core/clock.ts';
import { OutkitError } from '../../src/core/errors.ts';
import { INVITATION_LIFE_MS } from '../../src/core/membership.ts';
import type { MeService, TeamSummary } from '../../src/core/people-service.ts';
import type { FillRandom } from '../../src/core/secret.ts';
import type { OpenInvitation, ProvidedIdentity, SignedIn, SignInService } from '../../src/core/sign-in-service.ts';

interface Account {
  readonly person: Person;
  password: string;
  readonly teams: TeamSummary[];
}

interface Device extends Omit<DeviceRequest, 'status'> {
  readonly deviceCode: string;
  status: DeviceRequest['status'];
  personId: string | null;
  tries: number;
}

/** People in memory, who keep the contract of the sign-in service and of a person's own account. Passwords are compared as they are. */
export class FakePeople {
  readonly accounts: Account[] = [];
  readonly sessions = new Map<string, AccountSession>();
  readonly invitations = new Map<string, Omit<OpenInvitation, 'hasAccount'>>();
  readonly devices: Device[] = [];
  /** Set to let every guess be one too many. */
  limit: { retryAfterMs: number } | null = null;
  setupToken = 'setup-token-of-this-suite';
  readonly #clock: Clock;
  readonly #fillRandom: FillRandom;

  constructor(clock: Clock, fillRandom: FillRandom) {
    this.#clock = clock;
    this.#fillRandom = fillRandom;
  }

  addAccount(email: string, name: string, password: string, role: Role = 'owner', teamName = 'Acme'): Account {
    const person = { id: newId('person', this.#fillRandom), email, name };
    const account: Account = { person, password, teams: [this.#team(teamName, role)] };
    this.accounts.push(account);
    return account;
  }

  startSession(email: string, origin: Origin): StartedSession {
    const { person } = this.#accountOf(email) ?? this.#refuse();
    const now = this.#clock.now();
    const credential = `okt_${this.#token()}`;
    const id = newId('session', this.#fillRandom);
    const times = { createdAt: now, usedAt: now, expiresAt: now + 30 * DAY_MS };
    const session = { id, personId: person.id, ...times, ...origin };
    this.sessions.set(credential, session);
    return { session, credential };
  }

  invite(email: string, role: Role, teamName = 'Acme'): string {
    const token = this.#token();
    this.invitations.set(token, { teamName, email, role, expiresAt: this.#clock.now() + INVITATION_LIFE_MS });
    return token;
  }

  readonly findSession = async (credential: string) => {
    const session = this.sessions.get(credential);
    const account = this.accounts.find(({ person }) => person.id === session?.personId);
    if (session === undefined || account === undefined || this.#clock.now() >= session.expiresAt) return null;
    return { session, person: account.person };
  };

  readonly me = (who: SignedIn): MeService => {
    const own = () => [...this.sessions].filter(([, { personId }]) => personId === who.person.id);
    const summaries = () => own().map(([, session]) => ({ ...session, isCurrent: session.id === who.session.id }));
    const end = (ended: readonly (readonly [string, AccountSession])[]) => {
      for (const [credential] of ended) this.sessions.delete(credential);
      return ended.length;
    };
    return {
      me: async () => ({ person: who.person, session: null, teams: this.#accountOf(who.person.email)?.teams ?? [] }),
      listSessions: async () => summaries().reverse(),
      signOut: async () => void end(own().filter(([, { id }]) => id === who.session.id)),
      endSession: async (sessionId) => {
        const ended = end(own().filter(([, { id }]) => id === sessionId));
        if (ended === 0) throw new OutkitError('not_found', 'There is no such session');
      },
      endOtherSessions: async () => end(own().filter(([, { id }]) => id !== who.session.id)),
    };
  };

  readonly signIn: SignInService = {
    isSetUp: async () => this.accounts.length > 0,
    setUp: async ({ token, email, name, password, teamName }, origin) => {
      this.#guess();
      if (this.accounts.length > 0 || token !== this.setupToken) this.#refuse();
      this.addAccount(email, name, password, 'owner', teamName);
      return this.startSession(email, origin);
    },
    signIn: async (email, password, origin) => {
      this.#guess();
      return this.#accountOf(email)?.password === password ? this.startSession(email, origin) : this.#refuse();
    },
    signInBy: async ({ email, isEmailVerified }: ProvidedIdentity, origin) => {
      this.#guess();
      return email !== null && isEmailVerified ? this.startSession(email, origin) : this.#refuse();
    },
    signOut: (who) => this.me(who).signOut(),
    changePassword: async (who, current, next) => {
      this.#guess();
      const account = this.#accountOf(who.person.email);
      if (account?.password !== current) return this.#refuse();
      account.password = next;
      await this.me(who).endOtherSessions();
    },
    canMailReset: () => true,
    requestReset: async () => this.#guess(),
    findReset: async () => this.#refuse(),
    resetPassword: async () => this.#refuse(),
    findInvitation: async (token) => {
      this.#guess();
      const invitation = this.#invitation(token);
      return { ...invitation, hasAccount: this.#accountOf(invitation.email) !== undefined };
    },
    acceptInvitation: async (token, { name, password }, origin) => {
      const { email, role, teamName } = this.#invitation(token);
      if (this.#accountOf(email) !== undefined) this.#refuse();
      this.invitations.delete(token);
      this.addAccount(email, name, password, role, teamName);
      return this.startSession(email, origin);
    },
    acceptInvitationAs: async (who, token) => {
      const { email, role, teamName } = this.#invitation(token);
      if (email !== who.person.email) throw new OutkitError('forbidden', 'The invitation is for another address');
      this.invitations.delete(token);
      this.#accountOf(email)?.teams.push(this.#team(teamName, role));
    },
    requestDevice: async (origin) => {
      this.#guess();
      const now = this.#clock.now();
      const userCode = this.#userCode();
      const asked = {
        deviceCode: this.#token(),
        userCode,
        requestedAt: now,
        expiresAt: now + 10 * MINUTE_MS,
        ...origin,
      };
      this.devices.push({ ...asked, status: 'pending', personId: null, tries: 0 });
      return { deviceCode: asked.deviceCode, userCode, expiresInMs: 10 * MINUTE_MS, intervalMs: 5000 };
    },
    findDevice: async (_who, userCode) => {
      this.#guess();
      const device = this.#device(userCode);
      if (device !== undefined) device.tries += 1;
      if (device === undefined || device.status !== 'pending' || device.tries > 5) {
        throw new OutkitError('not_found', 'There is no such code');
      }
      const { deviceCode: _code, personId: _person, tries: _tries, ...request } = device;
      return request;
    },
    answerDevice: async (who, userCode, isApproved) => {
      const device = this.#device(userCode);
      if (device === undefined) return 'not_found';
      if (device.status !== 'pending') return 'already_answered';
      device.status = isApproved ? 'approved' : 'denied';
      device.personId = who.person.id;
      return 'answered';
    },
    redeemDevice: async (deviceCode, origin) => {
      this.#guess();
      const device = this.devices.find((other) => other.deviceCode === deviceCode);
      if (device === undefined) return { kind: 'invalid_grant' };
      if (device.status === 'denied') return { kind: 'access_denied' };
      const account = this.accounts.find(({ person }) => person.id === device.personId);
      if (account === undefined) return { kind: 'authorization_pending' };
      this.devices.splice(this.devices.indexOf(device), 1);
      return { kind: 'started', ...this.startSession(account.person.email, origin) };
    },
  };

  #accountOf(email: string): Account | undefined {
    return this.accounts.find(({ person }) => person.email === email);
  }

  #invitation(token: string) {
    const found = this.invitations.get(token);
    if (found !== undefined && this.#clock.now() < found.expiresAt) return found;
    throw new OutkitError('invitation_ended', 'The invitation has ended');
  }

  #device(userCode: string): Device | undefined {
    return this.devices.find((other) => other.userCode === userCode && this.#clock.now() < other.expiresAt);
  }

  #team(name: string, role: Role): TeamSummary {
    return { id: newId('team', this.#fillRandom), name, createdAt: this.#clock.now(), role };
  }

  #token(): string {
    return Buffer.from(this.#fillRandom(new Uint8Array(32))).toString('base64url');
  }

  #userCode(): string {
    return [...this.#fillRandom(new Uint8Array(8))].map((byte) => 'BCDFGHJKMPQRTVWX'.charAt(byte % 16)).join('');
  }

  #guess(): void {
    if (this.limit !== null) throw new OutkitError('rate_limited', 'Too many tries', null, this.limit);
  }

  #refuse(): never {
    throw new OutkitError('unauthenticated', 'That is not right');
  }
}

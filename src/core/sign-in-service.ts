import type {
  AccountSession,
  DeviceAnswer,
  DeviceRedemption,
  DeviceRequest,
  Origin,
  Person,
  StartedDeviceRequest,
  StartedSession,
} from './accounts.ts';
import type { Role } from './authorization.ts';

/** A person who is signed in, and from where they ask. */
export interface SignedIn {
  readonly person: Person;
  readonly session: AccountSession;
  readonly origin: Origin;
}

export interface Setup {
  /** Of the link that the server printed. */
  readonly token: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  /** Of the first team; ignored where there is one already. */
  readonly teamName: string;
}

export type DeviceSignIn =
  | ({ readonly kind: 'started' } & StartedSession)
  | Exclude<DeviceRedemption, { readonly kind: 'approved' }>;

/** An invitation as whoever has its link sees it. */
export interface OpenInvitation {
  readonly teamName: string;
  readonly email: string;
  readonly role: Role;
  readonly expiresAt: number;
  /** There is an account for the address: it is accepted by signing in. */
  readonly hasAccount: boolean;
}

/** What an identity provider says of somebody who signed in there. */
export interface ProvidedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
}

/**
 * How people come in. Everything that can be guessed is limited by address and by account: `rate_limited`, with `retryAfterMs`. Every
 * change is in the audit log of the person's teams. Texts are as the schemas of `api/` let them through.
 */
export interface SignInService {
  /** False until somebody owns a team. */
  isSetUp(): Promise<boolean>;
  /** `unauthenticated` for a wrong token, and for any once the server is set up. */
  setUp(setup: Setup, origin: Origin): Promise<StartedSession>;

  /** `unauthenticated`: the same words, after the same time, whether the account exists or not. */
  signIn(email: string, password: string, origin: Origin): Promise<StartedSession>;
  /**
   * By an identity that is linked, or by a verified address that has an account or an invitation, which is accepted. `unauthenticated` for
   * anybody else.
   */
  signInBy(identity: ProvidedIdentity, origin: Origin): Promise<StartedSession>;
  /** `unauthenticated` when the current password is wrong. Ends all other sessions. */
  changePassword(who: SignedIn, current: string, next: string): Promise<void>;

  /** Whether a forgotten password can be replaced by mail. */
  canMailReset(): boolean;
  /** Mails a link to whoever has that address, if somebody does: nobody is told which. */
  requestReset(email: string, origin: Origin): Promise<void>;
  /** Whose link it is. `not_found` for one that was used, is too old or never was. */
  findReset(token: string, origin: Origin): Promise<Person>;
  /** Sets the password and ends all sessions. `not_found` as above. */
  resetPassword(token: string, password: string, origin: Origin): Promise<StartedSession>;

  /** `invitation_ended`, also for a token that never was one. */
  findInvitation(token: string, origin: Origin): Promise<OpenInvitation>;
  /** Makes the account and the membership. `invitation_ended`; `unauthenticated` when the address has an account: that has to sign in. */
  acceptInvitation(token: string, account: { name: string; password: string }, origin: Origin): Promise<StartedSession>;
  /** `invitation_ended`; `forbidden` when it is for another address. */
  acceptInvitationAs(who: SignedIn, token: string): Promise<void>;

  requestDevice(origin: Origin): Promise<StartedDeviceRequest>;
  /** `not_found` for a code that there is not, was answered, has expired or was tried too often. */
  findDevice(who: SignedIn, userCode: string): Promise<DeviceRequest>;
  answerDevice(who: SignedIn, userCode: string, isApproved: boolean): Promise<DeviceAnswer>;
  /** A session for the device that was let in. */
  redeemDevice(deviceCode: string, origin: Origin): Promise<DeviceSignIn>;
}

/** A human being with an account on the server. */
export interface Person {
  readonly id: string;
  /** Lower case; unique. */
  readonly email: string;
  readonly name: string;
}

/** Somebody signed in somewhere. Times are epoch milliseconds. */
export interface AccountSession {
  readonly id: string;
  readonly personId: string;
  readonly createdAt: number;
  /** When it was last extended: within a day of its last use. */
  readonly usedAt: number;
  readonly expiresAt: number;
  readonly ip: string;
  readonly agent: string;
}

/** A session and its credential, which only whoever started it ever gets: storage has its SHA-256. */
export interface StartedSession {
  readonly session: AccountSession;
  /** `okt_` and 43 characters of base64url: 256 random bits. */
  readonly credential: string;
}

export const SESSION_CREDENTIAL_PATTERN = /^okt_[A-Za-z0-9_-]{43}$/;

/** Passwords have 10 to 128 characters. */
export const PASSWORD_LENGTH = { min: 10, max: 128 } as const;

/** Where a request came from, as it may be kept. */
export interface Origin {
  readonly ip: string;
  readonly agent: string;
}

/** A device that waits for a person to let it in (RFC 8628). Times are epoch milliseconds. */
export interface DeviceRequest {
  /** 8 letters without vowels and look-alikes. */
  readonly userCode: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly status: 'pending' | 'approved' | 'denied';
  /** From where, and with which program, it was asked for. */
  readonly ip: string;
  readonly agent: string;
}

export interface StartedDeviceRequest {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresInMs: number;
  readonly intervalMs: number;
}

/** Whose session the device may have now, or why it may not: the words of RFC 8628 and RFC 6749. */
export type DeviceRedemption =
  | { readonly kind: 'approved'; readonly person: Person }
  | { readonly kind: 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token' | 'invalid_grant' };

export type DeviceAnswer = 'answered' | 'not_found' | 'expired' | 'already_answered';

/** The only program that may ask by device code so far. */
export const DEVICE_CLIENT_ID = 'outkit-cli';

/** How it asks for its session (RFC 8628, 3.4). */
export const DEVICE_GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Devices that ask to be let in: 10 minutes for each code, single use, 5 s between two polls. */
export interface DeviceGrants {
  request(origin: Origin): Promise<StartedDeviceRequest>;
  /**
   * The request with that code, in any case and with or without its dash, while it has not expired. Each call is a try of that code:
   * from the sixth on there is none.
   */
  find(userCode: string): Promise<DeviceRequest | null>;
  /** Lets the device in as the person of the session, or sends it away. */
  answer(userCode: string, session: AccountSession, isApproved: boolean): Promise<DeviceAnswer>;
  /** Says, once, by whom the device was let in. */
  redeem(deviceCode: string): Promise<DeviceRedemption>;
}

/** An account elsewhere by which a person signs in: issuer and subject of OpenID Connect. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** People, how they prove who they are, and where they are signed in. No method writes to the audit log: whoever calls them does. */
export interface Accounts {
  findPerson(personId: string): Promise<Person | null>;
  findPersonByEmail(email: string): Promise<Person | null>;
  /** Those of these people that there are, in no order. */
  findPeople(personIds: readonly string[]): Promise<readonly Person[]>;
  /** A person with a password, or without one for sign-in by identity only. `null` when the address is taken. */
  createPerson(person: { email: string; name: string; password: string | null }): Promise<Person | null>;
  setPassword(personId: string, password: string): Promise<void>;
  /** The token of a link by which the person may set a new password, within an hour, once; an earlier one ends. */
  createReset(personId: string): Promise<string>;
  /** Whose it is, while it is good. */
  findReset(token: string): Promise<Person | null>;
  /** The same, and ends it. */
  takeReset(token: string): Promise<Person | null>;
  /** The person with that address and password. Takes the same time for an address that nobody has. */
  checkPassword(email: string, password: string): Promise<Person | null>;
  findPersonByIdentity(identity: Identity): Promise<Person | null>;
  linkIdentity(personId: string, identity: Identity): Promise<void>;

  startSession(personId: string, origin: Origin): Promise<StartedSession>;
  /** The session of a credential and its person, read from the database each time; `null` when there is none or it has expired. */
  findSession(credential: string): Promise<{ session: AccountSession; person: Person } | null>;
  /** Those that have not expired, newest first. */
  listSessions(personId: string): Promise<readonly AccountSession[]>;
  /** False when that person has no such session. Devices that the person let in and that have not asked since get nothing. */
  endSession(personId: string, sessionId: string): Promise<boolean>;
  /** Ends all sessions of the person but that one, and such devices; resolves to the number of sessions. */
  endSessions(personId: string, exceptSessionId: string | null): Promise<number>;

  readonly devices: DeviceGrants;
}

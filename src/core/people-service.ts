import type { Role } from './authorization.ts';

/** A member as people see them. */
export interface MemberSummary {
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface InvitationSummary {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** An invitation with its link, which is shown once. */
export interface CreatedInvitation extends InvitationSummary {
  readonly url: string;
  /** Whether it was also sent by mail; `null` when the server sends none. */
  readonly isMailed: boolean | null;
}

/** Who is in a team. Throws an {@link OutkitError}: `not_found`, `forbidden`, and the codes named at each method. */
export interface PeopleService {
  list(teamId: string): Promise<readonly MemberSummary[]>;
  /** `forbidden` for a role that the caller may not give, `last_owner`. When it returns, it is in force everywhere. */
  changeRole(teamId: string, personId: string, role: Role): Promise<MemberSummary>;
  /** Also oneself. `last_owner`. When it returns, the person reaches nothing of the team any more. */
  remove(teamId: string, personId: string): Promise<void>;
  /** Those that can still be accepted. */
  listInvitations(teamId: string): Promise<readonly InvitationSummary[]>;
  /** `already_member`, `too_many_people`. An earlier invitation of the same address ends. */
  invite(teamId: string, email: string, role: Role): Promise<CreatedInvitation>;
  revokeInvitation(teamId: string, invitationId: string): Promise<void>;
}

export interface TeamSummary {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** Of the caller. */
  readonly role: Role;
}

/** The teams of the caller. */
export interface TeamService {
  list(): Promise<readonly TeamSummary[]>;
  /** Only somebody who owns a team already: `forbidden`. The caller owns it. */
  create(name: string): Promise<TeamSummary>;
  rename(teamId: string, name: string): Promise<TeamSummary>;
}

export interface SessionSummary {
  readonly id: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly expiresAt: number;
  readonly ip: string;
  readonly agent: string;
  /** True for the one that asks. */
  readonly isCurrent: boolean;
}

/** Who the caller is to the server. */
export interface Me {
  /** `null` for the credential of `outkit dev`, which is nobody's. */
  readonly person: { readonly id: string; readonly email: string; readonly name: string } | null;
  readonly session: SessionSummary | null;
  readonly teams: readonly TeamSummary[];
}

/** The caller's own account. */
export interface MeService {
  me(): Promise<Me>;
  listSessions(): Promise<readonly SessionSummary[]>;
  /** Ends the session that asks. */
  signOut(): Promise<void>;
  /** `not_found`. */
  endSession(sessionId: string): Promise<void>;
  /** Ends all sessions but the one that asks; resolves to their number. */
  endOtherSessions(): Promise<number>;
}

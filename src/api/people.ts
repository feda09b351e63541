import * as v from 'valibot';
import { PASSWORD_LENGTH } from '../core/accounts.ts';
import { ROLES } from '../core/authorization.ts';
import { INVITATION_ID_PATTERN, PERSON_ID_PATTERN, SESSION_ID_PATTERN, TEAM_ID_PATTERN } from '../core/clock.ts';
import type {
  CreatedInvitation,
  InvitationSummary,
  Me,
  MemberSummary,
  SessionSummary,
  TeamSummary,
} from '../core/people-service.ts';
import { answerTime, isoTime, name, withoutSecret } from './bounds.ts';

/** What the control API takes and answers about people, teams and one's own account. */

export const teamId = v.pipe(v.string(), v.regex(TEAM_ID_PATTERN, 'must be a team id'));
const personId = v.pipe(v.string(), v.regex(PERSON_ID_PATTERN, 'must be a person id'));
const role = v.picklist(ROLES, `must be ${ROLES.join(', ')}`);

/** An address as RFC 5321 lets it travel, without quotes and comments; compared in lower case. */
export const email = v.pipe(
  v.string('must be an e-mail address'),
  v.maxLength(254, 'must be an e-mail address'),
  v.regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/, 'must be an e-mail address'),
  withoutSecret,
  v.toLowerCase(),
);

const PASSWORD_RULE = `must have ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters`;

/** Any characters: length is what makes a password strong (NIST SP 800-63B). */
export const password = v.pipe(
  v.string(PASSWORD_RULE),
  v.minLength(PASSWORD_LENGTH.min, PASSWORD_RULE),
  v.maxLength(PASSWORD_LENGTH.max, PASSWORD_RULE),
  v.check((text) => text.isWellFormed(), 'must be well-formed Unicode'),
);

export const teamParams = v.strictObject({ teamId });
export const memberParams = v.strictObject({ teamId, personId });
export const invitationParams = v.strictObject({
  teamId,
  invitationId: v.pipe(v.string(), v.regex(INVITATION_ID_PATTERN, 'must be an invitation id')),
});
export const sessionParams = v.strictObject({
  sessionId: v.pipe(v.string(), v.regex(SESSION_ID_PATTERN, 'must be a session id')),
});

export const teamBody = v.strictObject({ name });
export const roleBody = v.strictObject({ role });
export const inviteBody = v.strictObject({ email, role: v.optional(role, 'member') });

export function memberJson({ personId, email, name, role, since }: MemberSummary) {
  return { personId, email, name, role, since: isoTime(since) };
}

export function invitationJson({ id, email, role, invitedBy, createdAt, expiresAt }: InvitationSummary) {
  return { id, email, role, invitedBy, createdAt: isoTime(createdAt), expiresAt: isoTime(expiresAt) };
}

export function createdInvitationJson(created: CreatedInvitation) {
  return { ...invitationJson(created), url: created.url, isMailed: created.isMailed };
}

export function teamJson({ id, name, createdAt, role }: TeamSummary) {
  return { id, name, createdAt: isoTime(createdAt), role };
}

export function sessionJson({ id, createdAt, usedAt, expiresAt, ip, agent, isCurrent }: SessionSummary) {
  const times = { createdAt: isoTime(createdAt), usedAt: isoTime(usedAt), expiresAt: isoTime(expiresAt) };
  return { id, ...times, ip, agent, isCurrent };
}

export function meJson({ person, session, teams }: Me) {
  return { person, session: session && sessionJson(session), teams: teams.map(teamJson) };
}

const memberEntries = { personId: v.string(), email: v.string(), name: v.string(), role, since: answerTime };
const invitationEntries = {
  id: v.string(),
  email: v.string(),
  role,
  invitedBy: v.string(),
  createdAt: answerTime,
  expiresAt: answerTime,
};

export const memberAnswer = v.object(memberEntries);
export const membersAnswer = v.object({ data: v.array(memberAnswer) });
export const invitationsAnswer = v.object({ data: v.array(v.object(invitationEntries)) });
export const createdInvitationAnswer = v.object({
  ...invitationEntries,
  url: v.string(),
  isMailed: v.nullable(v.boolean()),
});
export const teamAnswer = v.object({ id: v.string(), name: v.string(), createdAt: answerTime, role });
export const teamsAnswer = v.object({ data: v.array(teamAnswer) });
const sessionAnswer = v.object({
  id: v.string(),
  createdAt: answerTime,
  usedAt: answerTime,
  expiresAt: answerTime,
  ip: v.string(),
  agent: v.string(),
  isCurrent: v.boolean(),
});
export const sessionsAnswer = v.object({ data: v.array(sessionAnswer) });
export const meAnswer = v.object({
  person: v.nullable(v.object({ id: v.string(), email: v.string(), name: v.string() })),
  session: v.nullable(sessionAnswer),
  teams: v.array(teamAnswer),
});
/** Of what leaves nothing to tell. */
export const doneAnswer = v.object({ done: v.literal(true) });
export const doneJson = { done: true } as const;
export const endedSessionsAnswer = v.object({ ended: v.number() });

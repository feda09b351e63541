import type { AuditAction } from '../../../src/core/audit.ts';
import type { KeyStats } from '../../../src/core/key-service.ts';
import type { RefusalKind } from '../../../src/core/verdict.ts';
import { counted, number } from '../texts.ts';

/** Words of the page of a key. */

const PERCENT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const SIGNIFICANT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const VERDICTS: Readonly<Record<RefusalKind, string>> = {
  missing: 'no key',
  malformed: 'no key of ours',
  unknown: 'unknown key',
  revoked: 'revoked',
  superseded: 'old secret',
  expired: 'expired',
  archived: 'archived profile',
  rate_limited: 'over the limit',
  unavailable: 'unavailable',
};

const ACTIONS: Readonly<Partial<Record<AuditAction, string>>> = {
  'key.create': 'Created',
  'key.update': 'Limit or end changed',
  'key.rotate': 'Rotated',
  'key.replace_new': 'New secret minted again',
  'key.end_grace': 'Old secret ended',
  'key.extend_grace': 'Grace window extended',
  'key.cancel_rotation': 'Rotation cancelled',
  'key.revoke': 'Revoked',
};

/** Of the audit log, where its own names are no words for people. */
const FACTS: Readonly<Record<string, string>> = {
  start: 'secret',
  oldStart: 'old secret',
  oldAcceptedUntil: 'old accepted until',
  expiresAt: 'expires',
  revokedAt: 'revoked',
  revokeReason: 'reason',
  rateLimitPerMinute: 'requests a minute',
};

export const keyPageTexts = {
  nothing: '–',
  served: 'Served',
  errorRate: 'Errors',
  limited: 'Over the limit',
  refused: 'Refused',
  percent: (part: number) => PERCENT.format(part),
  milliseconds: (value: number) =>
    value >= 1000 ? `${SIGNIFICANT.format(value / 1000)} s` : `${SIGNIFICANT.format(value)} ms`,
  refusals: ({ revoked, superseded, expired, archived }: KeyStats['refusals']) => {
    const named = { revoked, 'with an ended secret': superseded, expired, 'of an archived profile': archived };
    const parts = Object.entries(named).flatMap(([name, count]) => (count === 0 ? [] : [`${number(count)} ${name}`]));
    return `Refused: ${parts.join(', ')}`;
  },
  headroom: 'Headroom',
  leftOf: (limit: number) => `of ${number(limit)} requests left in this minute`,
  allFree: 'All of it is free.',
  freeIn: (seconds: number) => `All of it is free again in ${seconds} s.`,
  ofGateway: 'At the gateway that was asked.',
  callers: 'Last callers',
  noCallers: 'Nobody has called with this key lately.',
  requests: (count: number) => counted(count, 'request'),
  more: (count: number) => `and ${number(count)} more in the latest requests`,
  events: 'Latest requests',
  allEvents: 'Live log',
  noEvents: 'No requests yet.',
  when: 'When',
  status: 'Status',
  request: 'Request',
  duration: 'Time',
  verdict: VERDICTS,
  audit: 'Changes',
  action: (action: string) => (Object.hasOwn(ACTIONS, action) ? (ACTIONS[action as AuditAction] ?? action) : action),
  fact: (name: string) => (Object.hasOwn(FACTS, name) ? (FACTS[name] ?? name) : name),
  by: (actor: string) => `by ${actor}`,
  outcome: { failed: '(failed)', unknown: '(outcome unknown)' },
} as const;

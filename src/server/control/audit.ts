import {
  auditChainQuery,
  auditJson,
  auditPageAnswer,
  chainJson,
  chainPageAnswer,
  listAuditQuery,
} from '../../api/audit.ts';
import { type ControlRoute, teamRoute } from './control-route.ts';

/** Routes of the control API for the audit log. */
export const auditRoutes: readonly ControlRoute[] = [
  teamRoute({
    method: 'GET',
    path: '/v1/audit',
    summary: 'Lists who changed what in the team, newest first: all, or since a time, or of one key.',
    action: 'audit.read',
    team: 'query',
    query: listAuditQuery,
    answer: auditPageAnswer,
    handle: async ({ since = null, keyId = null, cursor = null, limit }, { audit }) => {
      const { data, nextCursor } = await audit.list({ since, keyId, cursor, limit });
      return { data: data.map(auditJson), hasMore: nextCursor !== null, nextCursor };
    },
  }),
  teamRoute({
    method: 'GET',
    path: '/v1/audit/chain',
    summary:
      'The entries behind `after`, oldest first, as they are stored: `at` is in milliseconds, as in the hash. For clients that verify the chain themselves.',
    action: 'audit.read',
    team: 'query',
    query: auditChainQuery,
    answer: chainPageAnswer,
    handle: async ({ after }, { audit }) => {
      const { data, hasMore } = await audit.chain(after);
      return { data: data.map(chainJson), hasMore };
    },
  }),
];

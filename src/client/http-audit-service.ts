import { auditPageAnswer, chainPageAnswer } from '../api/audit.ts';
import { isoTime } from '../api/bounds.ts';
import type { AuditService } from '../core/audit-service.ts';
import type { CallControlApi } from './control-api.ts';

/** The audit log of a server elsewhere, over its control API. */
export function httpAuditService(call: CallControlApi): AuditService {
  return {
    list: ({ teamId, since, keyId, cursor, limit }) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (teamId !== undefined) query.set('team', teamId);
      if (since !== null) query.set('since', isoTime(since));
      if (keyId !== null) query.set('keyId', keyId);
      if (cursor !== null) query.set('cursor', cursor);
      return call(`/v1/audit?${query}`, auditPageAnswer);
    },
    chain: (after, teamId) => {
      const query = new URLSearchParams({ after: String(after) });
      if (teamId !== undefined) query.set('team', teamId);
      return call(`/v1/audit/chain?${query}`, chainPageAnswer);
    },
  };
}

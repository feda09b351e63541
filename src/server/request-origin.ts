import type { FastifyRequest } from 'fastify';
import type { Origin } from '../core/accounts.ts';
import { keptAgent } from '../core/kept-agent.ts';

/** Where a request came from, as it may be kept. */
export function originOf({ clientAddress, headers }: Pick<FastifyRequest, 'clientAddress' | 'headers'>): Origin {
  return { ip: clientAddress, agent: keptAgent(headers['user-agent'] ?? '') };
}

import { withSecretsMasked } from './secret.ts';

const MAX_AGENT_LENGTH = 200;
/** A key that the cut would go through has to be seen whole. */
const SEEN_AGENT_LENGTH = 2 * MAX_AGENT_LENGTH;

/** A user agent as it is kept. Clients that put the key into the wrong header exist; what is kept of them must not have it. */
export function keptAgent(agent: string): string {
  return withSecretsMasked(agent.slice(0, SEEN_AGENT_LENGTH)).slice(0, MAX_AGENT_LENGTH);
}

import { redacted } from './redaction.ts';

const MAX_AGENT_LENGTH = 200;
/** A key or credential that the cut would go through has to be seen whole. */
const SEEN_AGENT_LENGTH = 2 * MAX_AGENT_LENGTH;

/** A user agent as it is kept. Clients that put a key or credential into the wrong header exist; what is kept of them must not have it. */
export function keptAgent(agent: string): string {
  return redacted(agent.slice(0, SEEN_AGENT_LENGTH)).slice(0, MAX_AGENT_LENGTH);
}

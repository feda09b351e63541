import { OutkitError } from '../core/errors.ts';
import { GATEWAY_ID_PATTERN, GATEWAY_ID_PREFIX_PATTERN, type GatewaySummary } from '../core/gateway-service.ts';
import { type IdRule, resolveId } from './resolve-id.ts';
import type { Session } from './session.ts';

/** The gateway of an id, or of a prefix of one, as {@link resolveId} says: one of those that `gateways list` shows. */
export async function resolveGateway(
  text: string,
  { gateways }: Pick<Session, 'gateways'>,
  rule: IdRule,
): Promise<GatewaySummary> {
  const listed = await gateways.list();
  const list = 'outkit gateways list';
  return resolveId(
    text,
    {
      noun: 'gateway',
      prefix: '',
      example: '3f9a01c2, with 4 to 32 characters',
      beginning: /^[0-9a-f]+$/,
      pattern: GATEWAY_ID_PATTERN,
      prefixPattern: GATEWAY_ID_PREFIX_PATTERN,
      listCommand: list,
      listAllCommand: list,
      async find(id) {
        const found = listed.find((gateway) => gateway.id === id);
        if (found === undefined) throw new OutkitError('not_found', 'No such gateway', list);
        return found;
      },
      findByPrefix: async (prefix) => listed.filter(({ id }) => id.startsWith(prefix)),
      candidates: async () => listed,
    },
    rule,
  );
}

import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { GatewayService, GatewaySummary } from '../core/gateway-service.ts';
import { noSuchGateway } from './gateway-service.ts';

/** The one gateway of a database that belongs to its process: it has every change as soon as that is made, and cannot be taken away. */
export function embeddedGatewayService(
  identity: Pick<GatewaySummary, 'id' | 'name' | 'version'>,
  clock: Clock,
): GatewayService {
  const startedAt = clock.now();
  return {
    async list() {
      const times = { startedAt, seenAt: clock.now(), retiredAt: null };
      return [{ ...identity, state: 'serving', ...times, appliedSeq: null, behind: 0 }];
    },
    barriers: async () => [],
    async evict(id) {
      if (id !== identity.id) throw noSuchGateway();
      const what = 'This is the one gateway that there is, and it answers you: nothing waits for another one';
      throw new OutkitError('bad_request', what, 'outkit gateways list');
    },
  };
}

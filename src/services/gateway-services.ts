import type { GatewayService } from '../core/gateway-service.ts';
import type { TeamRole } from '../core/people-store.ts';
import { forbidden } from './refusals.ts';

/** The gateways as somebody with these roles has them. They belong to no team: whoever owns one may take them away. */
export function gatewayServices(members: GatewayService, roles: readonly TeamRole[]): GatewayService {
  return {
    list: () => members.list(),
    barriers: () => members.barriers(),
    async evict(id) {
      if (!roles.some(({ role }) => role === 'owner'))
        throw forbidden('Only somebody who owns a team can evict a gateway');
      return members.evict(id);
    },
  };
}

import { barriersAnswer, evictedAnswer, gatewaysAnswer } from '../api/gateways.ts';
import type { GatewayService } from '../core/gateway-service.ts';
import type { CallControlApi } from './control-api.ts';

/** The gateways of a server elsewhere, over its control API. */
export function httpGatewayService(call: CallControlApi): GatewayService {
  return {
    list: async () => (await call('/v1/gateways', gatewaysAnswer)).data,
    barriers: async () => (await call('/v1/gateways/barriers', barriersAnswer)).data,
    evict: (id) => call(`/v1/gateways/${encodeURIComponent(id)}/evict`, evictedAnswer, {}),
  };
}

import {
  barrierJson,
  barriersAnswer,
  evictedAnswer,
  gatewayJson,
  gatewayParams,
  gatewaysAnswer,
} from '../../api/gateways.ts';
import { type ControlRoute, ownRoute } from './control-route.ts';

/** Routes of the control API for gateways. */
export const gatewayRoutes: readonly ControlRoute[] = [
  ownRoute({
    method: 'GET',
    path: '/v1/gateways',
    summary:
      'Lists the gateways that a change may wait for, oldest first, and those that retired in the last hour. `behind` counts changes that one has not applied yet.',
    answer: gatewaysAnswer,
    handle: async (_, { gateways }) => ({ data: (await gateways.list()).map(gatewayJson) }),
  }),
  ownRoute({
    method: 'GET',
    path: '/v1/gateways/barriers',
    summary:
      'How long the last 200 changes took until they were in force at every gateway, the newest first. `waitedOut` counts gateways that did not say so, and whose lease had to end.',
    answer: barriersAnswer,
    handle: async (_, { gateways }) => ({ data: (await gateways.barriers()).map(barrierJson) }),
  }),
  ownRoute({
    method: 'POST',
    path: '/v1/gateways/:gatewayId/evict',
    summary:
      'Takes a gateway away, for whoever owns a team. Answers when its last lease is over, after 2.5 seconds: no later change waits for it. One that runs comes back under another id.',
    params: gatewayParams,
    answer: evictedAnswer,
    handle: ({ gatewayId }, { gateways }) => gateways.evict(gatewayId),
  }),
];

import type { GatewaySummary } from '../core/gateway-service.ts';
import type { GatewayReport } from '../core/key-service.ts';
import { visible } from './visible-text.ts';

/** So much of an id as people have to see: these are random from their first character on. */
export function shortId(id: string): string {
  return visible(id).slice(0, 8);
}

/** A gateway as a sentence names it: `gateway-2 (3f9a01c2)`. */
export function gatewayLabel({ id, name }: Pick<GatewaySummary, 'id' | 'name'>): string {
  return `${visible(name)} (${shortId(id)})`;
}

/** `in force on 3/3 gateways after 4 ms`. A gateway that did not confirm admits nothing any more: its lease has been waited out. */
export function inForce({ confirmed, waitedOut, ms }: GatewayReport): string {
  const report = `in force on ${confirmed}/${confirmed + waitedOut} gateways after ${Math.ceil(ms)} ms`;
  return waitedOut === 0 ? report : `${report}; ${waitedOut} did not confirm and may admit nothing until it does`;
}

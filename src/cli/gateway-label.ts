import type { GatewayReport } from '../core/key-service.ts';

/** `in force on 3/3 gateways after 4 ms`. A gateway that did not confirm admits nothing any more: its lease has been waited out. */
export function inForce({ confirmed, waitedOut, ms }: GatewayReport): string {
  const report = `in force on ${confirmed}/${confirmed + waitedOut} gateways after ${Math.ceil(ms)} ms`;
  return waitedOut === 0 ? report : `${report}; ${waitedOut} did not confirm and may admit nothing until it does`;
}

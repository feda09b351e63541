import type { Command } from 'commander';
import type { GatewayState, GatewaySummary } from '../../../core/gateway-service.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { confirmed, refuseUnasked, type YesFlag } from '../../confirmation.ts';
import { resolveGateway } from '../../gateway-id.ts';
import { gatewayLabel } from '../../gateway-label.ts';
import { withProgress } from '../../progress.ts';
import { relativeSeconds } from '../../relative-time.ts';

/** `outkit gateways evict` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Takes a gateway away that is gone, so that no change waits for it. Harmless for one that runs: it comes back under another id within a second.',
    )
    .argument('<gatewayId>', 'id of the gateway, or the start of it')
    .option('-y, --yes', 'do not ask')
    .action((id: string, options: YesFlag) => launch((context) => evict(id, options, context)));
  addHelp(command, {
    examples: ['outkit gateways evict 3f9a01c2', 'outkit gateways evict 3f9a01c27de84b6590a1b2c3d4e5f607 -y'],
    output: ['text    that no change waits for it any more', '--json  {id, state}'],
    exitCodes: ['3 no such gateway', '130 cancelled'],
  });
}

async function evict(text: string, options: YesFlag, context: CommandContext): Promise<undefined> {
  refuseUnasked(options, 'evict', context);
  const { argv, output, io } = context;
  const { gateways } = await context.session();
  const gateway = await resolveGateway(text, { gateways }, { argv, wholeId: options.yes === true });
  const isNew = gateway.retiredAt === null;
  if (isNew) await confirmed(options, questionOf(gateway, io.now()), 'the gateway was not evicted', context);
  const waiting = `Waiting until the last lease of ${gatewayLabel(gateway)} is over`;
  const evicted = await withProgress(waiting, context, () => gateways.evict(gateway.id));
  if (output.isJson) output.document({ id: evicted.id, state: evicted.state });
  else output.line(reportOf(gateway, evicted.state));
}

function questionOf(gateway: GatewaySummary, now: number): string {
  const which = `${gatewayLabel(gateway)}, ${gateway.state}, last seen ${relativeSeconds(gateway.seenAt, now)}`;
  return `Evict ${which}? No change waits for it from then on; if it runs, it comes back under another id.`;
}

function reportOf(gateway: GatewaySummary, state: GatewayState): string {
  const label = gatewayLabel(gateway);
  if (gateway.retiredAt !== null) return `Already ${state}: ${label}: no change waits for it`;
  return `Evicted ${label}: no change waits for it any more. If it runs, it comes back under another id within a second.`;
}

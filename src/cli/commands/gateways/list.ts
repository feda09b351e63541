import type { Command } from 'commander';
import { gatewayJson } from '../../../api/gateways.ts';
import { type BarrierSummary, barrierSummary } from '../../../core/barrier-times.ts';
import type { GatewaySummary } from '../../../core/gateway-service.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import { formatMs } from '../../duration.ts';
import { shortId } from '../../gateway-label.ts';
import { relativeSeconds } from '../../relative-time.ts';
import { type Cell, printRows } from '../../rows.ts';

const SHAPE = {
  header: ['ID', 'NAME', 'VERSION', 'STATE', 'SEEN', 'BEHIND', 'SINCE'],
  shortened: [
    [1, 6],
    [2, 5],
  ],
} as const;

/** `outkit gateways list` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Lists the servers that judge keys: those that a change may wait for, and those that ended in the last hour.',
    )
    .action(() => launch(list));
  addHelp(command, {
    examples: ['outkit gateways list', 'outkit gateways list --json'],
    output: [
      'terminal  a table: ID (its start), NAME, VERSION, STATE (serving, silent, retired or drained), SEEN, BEHIND (changes that it has not applied yet), SINCE',
      'Above it, how long the last changes took until they were in force at every one of them.',
      'pipe      the same columns separated by tabs, without header, with whole ids',
      '--json    {"data":[{id, name, version, state, startedAt, seenAt, retiredAt, appliedSeq, behind}],"hasMore":false}',
    ],
    exitCodes: [],
  });
}

async function list({ io, output, session }: CommandContext): Promise<undefined> {
  const { gateways } = await session();
  const found = await gateways.list();
  if (output.isJson) {
    output.document({ data: found.map(gatewayJson), hasMore: false });
    return;
  }
  const now = io.now();
  if (output.isTerminal) {
    const summary = barrierSummary(await gateways.barriers());
    if (summary !== null) output.note(barrierLine(summary));
  }
  printRows(
    found.map((gateway) => rowOf(gateway, output.isTerminal ? now : null)),
    SHAPE,
    now,
    output,
  );
}

/** `now` where people look, `null` where a program does. */
function rowOf({ id, name, version, state, seenAt, behind, startedAt }: GatewaySummary, now: number | null): Cell[] {
  const [shownId, seen] = now === null ? [id, seenAt] : [shortId(id), relativeSeconds(seenAt, now)];
  return [shownId, name, version, state, seen, behind === null ? '–' : String(behind), startedAt];
}

/** `Last 200 changes: in force everywhere after 4ms (p50), 12ms (p99), 2.5s at most; 1 waited for a lease to end` */
function barrierLine({ count, p50Ms, p99Ms, maxMs, waitedOut }: BarrierSummary): string {
  const times = `${formatMs(p50Ms)} (p50), ${formatMs(p99Ms)} (p99), ${formatMs(maxMs)} at most`;
  const waited = waitedOut === 0 ? '' : `; ${waitedOut} waited for a lease to end`;
  return `Last ${count === 1 ? 'change' : `${count} changes`}: in force everywhere after ${times}${waited}`;
}

import type { Command } from 'commander';
import { isoTime } from '../../api/bounds.ts';
import { eventJson } from '../../api/events.ts';
import { newestEvents } from '../../client/event-pages.ts';
import type { StoredEvent } from '../../core/render-event.ts';
import { maskedStart } from '../../core/secret.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { addEventFlags, type EventFlags, parseLimit, readEventFlags } from '../logs/event-flags.ts';
import { eventView } from '../logs/event-view.ts';
import { visible } from '../visible-text.ts';

const DEFAULT_LIMIT = '50';
const MAX_LIMIT = 10_000;

/** `outkit logs` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Shows the last requests of the keys of the active profile, the newest at the end.')
    .helpCommand(false);
  addEventFlags(command, `show the last n (default: ${DEFAULT_LIMIT})`).action((flags: EventFlags) =>
    launch((context) => logs(flags, context)),
  );
  addHelp(command, {
    examples: ['outkit logs --since 1h', "outkit logs --status '>=400' --json"],
    output: [
      'terminal  a line for each request: time, status, duration, key, path, and blocks or why it was refused',
      'pipe      time in ISO 8601, status, key id, name, key, method, path, milliseconds, blocks, verdict and number of requests, separated by tabs',
      '--json    {"data":[{seq, at, profileId, keyId, keyName, start, requestId, method, path, status, verdict, durationUs, blocks, count, …}],"hasMore":false}',
    ],
    exitCodes: ['3 no such key or profile'],
  });
}

async function logs(flags: EventFlags, context: CommandContext): Promise<undefined> {
  const { io, output, argv } = context;
  const limit = parseLimit(flags.limit ?? DEFAULT_LIMIT, 1, MAX_LIMIT, argv);
  const { choice, opened } = await readEventFlags(flags, context);
  const { data, hasMore } = await opened.inProfile(flags.profile, (profileId) =>
    newestEvents(opened.events, { ...choice, profileId }, limit),
  );
  if (output.isJson) {
    output.document({ data: data.map(eventJson), hasMore });
    return;
  }
  const show = output.isTerminal ? eventView(io, output) : (event: StoredEvent) => output.line(tabSeparated(event));
  for (const event of data) show(event);
  if (data.length === 0) output.note('No requests there. Watch for the next ones: outkit logs tail');
  const more =
    limit < MAX_LIMIT ? `See more: -n ${Math.min(MAX_LIMIT, limit * 10)}` : 'Choose by --key, --status or --path';
  if (hasMore) output.note(`There are more than ${limit} requests. ${more}`);
}

function tabSeparated(event: StoredEvent): string {
  const { at, status, keyId, keyName, start, method, path, durationUs, blocks, verdict, count } = event;
  const key = [keyId, keyName, maskedStart(start), method, path].map(visible);
  return [isoTime(at), status, ...key, durationUs / 1000, blocks ?? '–', verdict, count].join('\t');
}

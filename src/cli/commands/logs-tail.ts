import type { Command } from 'commander';
import { eventJson } from '../../api/events.ts';
import { eventsUpToNow } from '../../client/event-pages.ts';
import { follow, type LogItem } from '../../client/follow.ts';
import { OutkitError } from '../../core/errors.ts';
import type { TailItem } from '../../core/event-service.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { addEventFlags, type EventChoice, type EventFlags, parseLimit, readEventFlags } from '../logs/event-flags.ts';
import { eventView } from '../logs/event-view.ts';
import { takeEnd } from '../logs/tail-end.ts';
import type { Session } from '../session.ts';
import { visibleJson } from '../visible-text.ts';

interface TailFlags extends EventFlags {
  readonly follow?: boolean;
}

const DEFAULT_LIMIT = '10';
const MAX_LIMIT = 1000;

/** `outkit logs tail` */
export function define(command: Command, launch: Launch): void {
  command.description(
    'Shows the last requests of the keys of the active profile, then each new one as it happens, until Ctrl-C. ' +
      'After a cut it goes on where it was.',
  );
  addEventFlags(command, `first show the last n (default: ${DEFAULT_LIMIT}; with --since all, at most ${MAX_LIMIT})`)
    .option('--no-follow', 'only show the last ones')
    // The flags stand on `logs` too, which takes them wherever they are.
    .action((_, self: Command) => launch((context) => tail(self.optsWithGlobals<TailFlags>(), context)));
  // Those of `logs` stand above already.
  command.configureHelp({ ...command.configureHelp(), visibleGlobalOptions: (self) => [...programOf(self).options] });
  addHelp(command, {
    examples: ['outkit logs tail', "outkit logs tail --status '>=400' --since 10m"],
    output: [
      'terminal  a line for each request: time, status, duration, key, path, and blocks or why it was refused',
      'pipe      one JSON object a line, as with --json',
      '--json    {seq, at, profileId, keyId, keyName, start, requestId, method, path, status, verdict, durationUs, blocks, count, …}, and {"gap": 12} where events were missed, null when nobody knows how many',
    ],
    exitCodes: ['3 no such key or profile', '6 too many live logs', '143 ended by SIGTERM'],
  });
}

function programOf(command: Command): Command {
  return command.parent === null ? command : programOf(command.parent);
}

async function tail(flags: TailFlags, context: CommandContext): Promise<number> {
  const { io, output, argv } = context;
  const limit = limitOf(flags, argv);
  const { choice, opened } = await readEventFlags(flags, context);
  const profileId = await opened.profileId(flags.profile);
  const { after, data, hasMore } = await opened.inProfile(flags.profile, () =>
    eventsUpToNow(opened.events, { ...choice, profileId }, limit),
  );
  const show = itemView(context);
  const showHistory = () => {
    for (const event of data) show({ kind: 'event', event });
    const isCapped = hasMore && flags.since !== undefined && flags.limit === undefined;
    if (isCapped) output.note(`These are the last ${limit}. More of them: outkit logs --since ${flags.since} -n 10000`);
  };
  if (flags.follow === false) {
    showHistory();
    if (data.length === 0) output.note('No requests there. Watch for the next ones: outkit logs tail');
    return 0;
  }
  const end = takeEnd(io);
  try {
    showHistory();
    if (data.length === 0 && output.isTerminal) output.note('Waiting for requests. Ctrl-C ends.');
    const open = streamOpener(choice, profileId, opened, context);
    const lost = () => output.note('Connection lost. Trying again until it is back.');
    const regained = () => output.note('Connected again.');
    await follow({ open, show, lost, regained }, io, after, end.signal);
    return end.exitCode();
  } catch (error) {
    throw whenAccessEnds(error, profileId);
  } finally {
    end.release();
  }
}

function limitOf({ limit, since }: TailFlags, argv: readonly string[]): number {
  if (limit === undefined) return since === undefined ? Number(DEFAULT_LIMIT) : MAX_LIMIT;
  return parseLimit(limit, 0, MAX_LIMIT, argv);
}

/** Opens streams. An `outkit dev` that starts again may be at another address, and has another credential: it is looked for anew. */
function streamOpener(
  { since: _, ...choice }: EventChoice,
  profileId: string,
  opened: Session,
  { io, output, argv, apiUrl, configPath, connect }: CommandContext,
) {
  const flags = {
    argv,
    ...(apiUrl !== undefined && { apiUrl }),
    ...(configPath !== undefined && { config: configPath }),
  };
  // What it has to say was said at the start.
  const quiet = { ...output, note: () => {}, warn: () => {} };
  const reopen = async () => (await import('../session.ts')).openSession(io, flags, quiet, connect);
  let current: Session | null = opened;
  return async function* open(after: number | null, signal: AbortSignal): AsyncGenerator<TailItem> {
    const session = current ?? (await reopen().catch(() => null));
    if (session === null || session.credential !== opened.credential) throw serverAway();
    current = opened.credential === 'outkit dev' ? null : opened;
    yield* session.events.tail({ ...choice, profileId, after }, signal);
  };
}

function serverAway(): OutkitError {
  return new OutkitError('unreachable', 'The outkit dev of this project has ended', 'outkit dev');
}

/** A line for each item: for people on a terminal, else an object of JSON. */
function itemView({ io, output }: CommandContext): (item: LogItem) => void {
  if (!output.isTerminal) {
    return (item) => output.line(visibleJson(item.kind === 'event' ? eventJson(item.event) : { gap: item.missed }));
  }
  const show = eventView(io, output);
  return (item) => {
    if (item.kind === 'event') show(item.event);
    else output.line(output.colours.yellow(gapText(item.missed)));
  };
}

function gapText(missed: number | null): string {
  if (missed === null) return 'Missed events: some of what happened meanwhile is not kept any more';
  return `Missed ${missed} ${missed === 1 ? 'event' : 'events'}`;
}

/** What was there a moment ago is not missing: it is not ours any more. */
function whenAccessEnds(error: unknown, profileId: string): unknown {
  if (!(error instanceof OutkitError) || error.code !== 'not_found') return error;
  const what = `The log has ended: you cannot see profile ${profileId} any more`;
  return new OutkitError('not_found', what, 'outkit profiles list', { cause: error });
}

import type { Command } from 'commander';
import { SESSION_ID_PATTERN } from '../../../core/clock.ts';
import { OutkitError } from '../../../core/errors.ts';
import { addHelp, type CommandContext, type Launch } from '../../command.ts';
import type { Session } from '../../session.ts';

interface EndOptions {
  readonly others?: boolean;
}

/** `outkit sessions end` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Ends a session of yours, or all but that of this command: who has its credential is out at once.')
    .argument('[sessionId]', 'id of the session')
    .option('--others', 'all sessions but that of this command')
    .action((id: string | undefined, options: EndOptions) => launch((context) => end(id, options, context)));
  addHelp(command, {
    examples: ['outkit sessions end session_7hq3m2xk9tqw4bnz', 'outkit sessions end --others --json'],
    output: ['text    how many sessions have ended', '--json  {ended}'],
    exitCodes: ['3 no such session'],
  });
}

async function end(id: string | undefined, { others }: EndOptions, context: CommandContext): Promise<undefined> {
  if ((id === undefined) !== (others === true)) {
    throw new OutkitError('usage', 'Name one session, or --others', 'outkit sessions list');
  }
  const { output } = context;
  const session = await context.session();
  const ended = id === undefined ? await session.me.endOtherSessions() : await endOne(id, session);
  if (output.isJson) output.document({ ended });
  else output.line(`Ended ${ended} ${ended === 1 ? 'session' : 'sessions'}`);
}

async function endOne(id: string, { me }: Session): Promise<number> {
  if (!SESSION_ID_PATTERN.test(id)) {
    const what = 'That is no session id: ids look like session_7hq3m2xk9tqw4bnz';
    throw new OutkitError('usage', what, 'outkit sessions list');
  }
  const found = (await me.listSessions()).find((session) => session.id === id);
  if (found === undefined) throw new OutkitError('not_found', `There is no session ${id}`, 'outkit sessions list');
  if (found.isCurrent) {
    // Its credential would stay here, and every command fail.
    throw new OutkitError('usage', 'That is the session of this command', 'outkit logout');
  }
  await me.endSession(id);
  return 1;
}

import type { Command } from 'commander';
import { type ChainFinding, headText, parseHead, verifyChain } from '../../core/audit.ts';
import { chainEntries } from '../../core/audit-service.ts';
import { OutkitError } from '../../core/errors.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { addTeamFlag, type TeamFlag, teamIdOf } from '../team-choice.ts';

interface VerifyOptions extends TeamFlag {
  readonly head?: string;
}

type Problem = Exclude<ChainFinding, { kind: 'intact' }>;

/** `outkit audit verify` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Reads the whole audit log and finds out, here, whether an entry was edited or removed. With a head that was kept elsewhere also whether the log was cut off or rewritten.',
    )
    // Those of outkit itself: the flags of `outkit audit` choose entries, and all are verified.
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: () => [...(command.parent?.parent?.options ?? [])],
    })
    .option('--head <seq:hash>', 'a head that this command or outkit dev printed before');
  // `outkit audit` has that flag too, and takes it before it comes here.
  addTeamFlag(command).action(() => launch((context) => verify(command.optsWithGlobals<VerifyOptions>(), context)));
  addHelp(command, {
    examples: ['outkit audit verify', 'outkit audit verify --json'],
    output: [
      'terminal  that it is intact, and the head to keep somewhere else',
      'pipe      the head alone: <seq>:<hash>',
      '--json    {intact, entries, head}; a log that is not intact is an error like any other, audit_broken',
    ],
    exitCodes: ['3 no such team'],
  });
}

async function verify({ head, team }: VerifyOptions, { argv, output, session }: CommandContext): Promise<undefined> {
  const kept = head === undefined ? undefined : parseHead(head);
  if (kept === null) {
    throw new OutkitError(
      'usage',
      '--head takes <seq>:<hash>, as outkit audit verify prints it',
      'outkit audit verify',
    );
  }
  const opened = await session();
  const teamId = await teamIdOf(team, opened, argv);
  const finding = await verifyChain(chainEntries(opened.audit, teamId), kept);
  if (finding.kind !== 'intact') throw broken(finding);
  const { seq } = finding.head;
  const found = headText(finding.head);
  if (output.isJson) output.document({ intact: true, entries: seq, head: found });
  else if (output.isTerminal) {
    output.line(`${output.colours.green('Intact:')} ${seq} ${seq === 1 ? 'entry' : 'entries'}`);
    output.line(`Keep this where the server cannot write:  ${found}`);
  } else output.line(found);
}

function broken(problem: Problem): OutkitError {
  return new OutkitError('audit_broken', wordsOf(problem), 'compare with a backup of the data directory');
}

function wordsOf({ kind, seq }: Problem): string {
  if (kind === 'missing') return `Entry ${seq} of the audit log is missing`;
  if (kind === 'rewritten') return `The audit log was rewritten: entry ${seq} is not that of the head that was kept`;
  if (kind === 'cut_off') return `The audit log was cut off: it ends at entry ${seq}, before the head that was kept`;
  return `Entry ${seq} of the audit log is not what was written there`;
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { OutkitError } from '../../core/errors.ts';
import type { PreparedRestore } from '../../server/backups.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { commandLine } from '../command-line.ts';
import { projectDataDirectory } from '../dev-project.ts';
import type { Output } from '../output.ts';
import { visible } from '../visible-text.ts';

interface RestoreFlags {
  readonly dataDir?: string;
  readonly yes?: boolean;
  readonly discardCurrent?: boolean;
}

/** All of them are in the JSON. */
const NAMED_KEYS = 10;

/** `outkit restore`. Storage is loaded when the command runs, not for its help. */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Puts a backup in the place of the database. The server must be stopped. What was revoked or ended since stays so, keys created since are refused, everybody has to sign in again, and the old database is kept aside.',
    )
    .argument('<file>', 'a file that outkit backup has made')
    .option('--data-dir <path>', 'where to restore to (default: .outkit of the project)')
    .option('-y, --yes', 'do not ask')
    .option('--discard-current', 'for a damaged database: restore without what it knows of revoked keys')
    .action((file: string, flags: RestoreFlags) => launch((context) => restore(file, flags, context)));
  addHelp(command, {
    examples: [
      'outkit restore outkit-2026-11-23.db -y',
      'outkit restore outkit-2026-11-23.db --data-dir ./outkit-data -y',
    ],
    output: [
      'text    what was restored, what is not as in the backup, where the old database is',
      '--json  {dataDirectory, file, keys, position, lastChangeAt, kept, revoked, people, sessions, previousDatabase, discarded}',
    ],
    exitCodes: ['130 cancelled'],
  });
}

async function restore(name: string, flags: RestoreFlags, context: CommandContext): Promise<undefined> {
  const { io, output, configPath, interactive, argv } = context;
  const yes = flags.yes === true;
  const directory = flags.dataDir === undefined ? projectDataDirectory(io, configPath) : resolve(io.cwd, flags.dataDir);
  const file = resolve(io.cwd, name);
  const { prepareRestore } = await import('../../server/backups.ts');
  const discardCurrent = flags.discardCurrent === true;
  const prepared = await prepareRestore({ file, directory, now: io.now(), discardCurrent });
  let aside: string | null;
  try {
    if (prepared.current !== 'none' && !yes) {
      if (!interactive) {
        const what = 'Refusing to replace a database without confirmation. Re-run with -y.';
        throw new OutkitError('needs_terminal', what, commandLine([...argv, '-y']));
      }
      explain(prepared, output);
      const { confirm } = await io.openPrompts();
      if (!(await confirm(`Replace the database in ${visible(directory)}?`, false))) {
        throw new OutkitError('cancelled', 'Cancelled: nothing was changed');
      }
    }
    aside = prepared.commit();
  } finally {
    prepared.abandon();
  }
  report(prepared, { directory, file, aside }, output);
}

/** What will be otherwise than in the backup, and what would be lost. */
function explain({ backup, current, kept, revoked, people, sessions }: PreparedRestore, output: Output): void {
  output.note(`The backup holds ${counted(backup.keys, 'key')}, as of ${new Date(backup.time).toISOString()}.`);
  if (current === 'damaged') output.warn(lostSince(backup.time));
  if (kept.length > 0)
    output.note(`${counted(kept.length, 'key')} changed since: what was ended stays so, as do rotations.`);
  if (revoked.length > 0)
    output.note(`${counted(revoked.length, 'key')} created since will be revoked: ${named(revoked)}.`);
  if (people.length > 0) output.note(`${lessThanBefore(people)}: that stays so.`);
  if (sessions > 0) output.note(`${counted(sessions, 'session')} will end: everybody has to sign in again.`);
}

interface Restored {
  readonly directory: string;
  readonly file: string;
  /** Where the old database is. */
  readonly aside: string | null;
}

function report(restored: PreparedRestore, { directory, file, aside }: Restored, output: Output): void {
  const { backup, current, kept, revoked, people, sessions } = restored;
  const discarded = current === 'damaged';
  if (output.isJson) {
    const { keys, position, time } = backup;
    const lastChangeAt = new Date(time).toISOString();
    const facts = { dataDirectory: directory, file, keys, position, lastChangeAt, kept, revoked, people, sessions };
    output.document({ ...facts, previousDatabase: aside, discarded });
    return;
  }
  output.line(`Restored ${counted(backup.keys, 'key')} to ${visible(directory)}`);
  if (kept.length > 0) output.line(`${counted(kept.length, 'key')} changed since the backup: what was ended stays so`);
  if (revoked.length > 0)
    output.line(`${counted(revoked.length, 'key')} created since the backup, now revoked: ${named(revoked)}`);
  if (people.length > 0) output.line(`${lessThanBefore(people)}: that stays so`);
  if (sessions > 0) output.line(`${counted(sessions, 'session')} ended: everybody has to sign in again`);
  if (aside !== null) output.line(`The database before is kept as ${visible(aside)}`);
  if (discarded) output.warn(lostSince(backup.time));
}

function lostSince(time: number): string {
  const since = new Date(time).toISOString();
  return `what was revoked, rotated, ended early or archived after ${since} is as before that, and accepted again where it was, and who was removed is a member again: do it again (docs/operations.md)`;
}

function lessThanBefore(people: readonly string[]): string {
  return `${counted(people.length, 'membership')} ended or with a lower role since the backup (${named(people)})`;
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

function named(ids: readonly string[]): string {
  const rest = ids.length - NAMED_KEYS;
  return [...ids.slice(0, NAMED_KEYS), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

import type { Command, CommanderError } from 'commander';
import { OutkitError } from '../core/errors.ts';
import { commandLine, withArgument } from './command-line.ts';

const COMMON_SYNONYMS = { add: 'create', new: 'create', ls: 'list' };

/** What other tools call what we do to each kind of thing. */
const SYNONYMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  keys: {
    ...COMMON_SYNONYMS,
    show: 'stats',
    get: 'stats',
    roll: 'rotate',
    edit: 'update',
    set: 'update',
    delete: 'revoke',
    remove: 'revoke',
    rm: 'revoke',
  },
  profiles: {
    ...COMMON_SYNONYMS,
    get: 'show',
    edit: 'update',
    set: 'update',
    rename: 'update',
    switch: 'use',
    select: 'use',
    delete: 'archive',
    remove: 'archive',
    rm: 'archive',
  },
  people: { add: 'invite', ls: 'list', delete: 'remove', rm: 'remove', revoke: 'uninvite', promote: 'role' },
  teams: { ...COMMON_SYNONYMS, update: 'rename', edit: 'rename' },
  gateways: { ls: 'list', delete: 'evict', remove: 'evict', rm: 'evict', retire: 'evict', drain: 'evict' },
  sessions: { ls: 'list', revoke: 'end', delete: 'end', rm: 'end' },
};

/** What the parser found wrong, with the corrected command line where it can guess it, else the help to read. */
export function usageError(error: CommanderError, argv: readonly string[], program: Command): OutkitError {
  const [what = '', guess = ''] = error.message.replace(/^error: /, '').split('\n');
  const message = what.charAt(0).toUpperCase() + what.slice(1).replace(/\.$/, '');
  const hint =
    commandHint(error, argv, program) ??
    tokenHint(error, argv) ??
    nearestHint(what, guess, argv) ??
    helpFor(argv, program);
  return new OutkitError('usage', message, hint);
}

/** For a command under another name, one of `keys` without `keys`, and for a name that was not given as `-n`. */
function commandHint({ code, message }: CommanderError, argv: readonly string[], program: Command): string | null {
  if (code === 'commander.excessArguments') {
    const name = /'create'. Expected 0 arguments but got 1: (.*)\.$/.exec(message)?.[1];
    return name === undefined || argv.includes('-n') ? null : withArgument(argv, name, '-n', name);
  }
  const wrong = /unknown command '([^']+)'/.exec(message)?.[1];
  if (wrong === undefined) return null;
  const noun = Object.keys(SYNONYMS).find((name) => argv.includes(name)) ?? 'keys';
  const group = program.commands.find((command) => command.name() === noun);
  const right = group?.commands.find((command) => command.name() === (SYNONYMS[noun]?.[wrong] ?? wrong))?.name();
  if (right === undefined) return null;
  return argv.includes(noun) ? withArgument(argv, wrong, right) : withArgument(argv, wrong, noun, right);
}

/** For a design token that stands without `--set`. */
function tokenHint({ message }: CommanderError, argv: readonly string[]): string | null {
  const token = /unknown option '(--outkit-[^']+=[^']*)'/.exec(message)?.[1];
  return token === undefined ? null : withArgument(argv, token, '--set', token);
}

/** What the parser would have understood. */
function nearestHint(what: string, guess: string, argv: readonly string[]): string | null {
  const wrong = /'([^']+)'/.exec(what)?.[1];
  const right = /Did you mean (?:one of )?([^,?]+)/.exec(guess)?.[1];
  if (wrong === undefined || right === undefined) return null;
  const value = /^--[^=]+(=.*)$/s.exec(wrong)?.[1] ?? '';
  return withArgument(argv, wrong, right + value);
}

function helpFor(argv: readonly string[], program: Command): string {
  const path: string[] = [];
  let command = program;
  for (const argument of argv) {
    const found = command.commands.find((candidate) => candidate.name() === argument);
    if (found === undefined) continue;
    path.push(argument);
    command = found;
  }
  return commandLine([...path, '--help']);
}

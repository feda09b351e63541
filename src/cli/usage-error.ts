import type { Command, CommanderError } from 'commander';
import { OutkitError } from '../core/errors.ts';
import { commandLine, withArgument } from './command-line.ts';

/** What other tools call what we do to keys. */
const SYNONYMS: Readonly<Record<string, string>> = {
  add: 'create',
  new: 'create',
  ls: 'list',
  show: 'stats',
  get: 'stats',
  roll: 'rotate',
  delete: 'revoke',
  remove: 'revoke',
  rm: 'revoke',
};

/** What the parser found wrong, with the corrected command line where it can guess it, else the help to read. */
export function usageError(error: CommanderError, argv: readonly string[], program: Command): OutkitError {
  const [what = '', guess = ''] = error.message.replace(/^error: /, '').split('\n');
  const message = what.charAt(0).toUpperCase() + what.slice(1).replace(/\.$/, '');
  const hint = keysHint(error, argv, program) ?? nearestHint(what, guess, argv) ?? helpFor(argv, program);
  return new OutkitError('usage', message, hint);
}

/** For a command of `keys` without `keys`, or under another name, and for a name that was not given as `-n`. */
function keysHint({ code, message }: CommanderError, argv: readonly string[], program: Command): string | null {
  if (code === 'commander.excessArguments') {
    const name = /'create'. Expected 0 arguments but got 1: (.*)\.$/.exec(message)?.[1];
    return name === undefined || argv.includes('-n') ? null : withArgument(argv, name, '-n', name);
  }
  const wrong = /unknown command '([^']+)'/.exec(message)?.[1];
  if (wrong === undefined) return null;
  const keys = program.commands.find((command) => command.name() === 'keys');
  const right = keys?.commands.find((command) => command.name() === (SYNONYMS[wrong] ?? wrong))?.name();
  if (right === undefined) return null;
  return argv.includes('keys') ? withArgument(argv, wrong, right) : withArgument(argv, wrong, 'keys', right);
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

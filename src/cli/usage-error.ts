import type { Command, CommanderError } from 'commander';
import { OutkitError } from '../core/errors.ts';
import { commandLine, withArgument } from './command-line.ts';

/** What the parser found wrong, with the corrected command line where it can guess it, else the help to read. */
export function usageError(error: CommanderError, argv: readonly string[], program: Command): OutkitError {
  const [what = '', guess = ''] = error.message.replace(/^error: /, '').split('\n');
  const message = what.charAt(0).toUpperCase() + what.slice(1).replace(/\.$/, '');
  const wrong = /'([^']+)'/.exec(what)?.[1];
  const right = /Did you mean (?:one of )?([^,?]+)/.exec(guess)?.[1];
  if (wrong === undefined || right === undefined) return new OutkitError('usage', message, helpFor(argv, program));
  return new OutkitError('usage', message, withArgument(argv, wrong, right));
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

import type { Command } from 'commander';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';

/** What a command gets to run with. */
export interface CommandContext {
  readonly io: Io;
  readonly output: Output;
  /** The command line, for hints that repeat it with a change. */
  readonly argv: readonly string[];
  /** May questions be asked? */
  readonly interactive: boolean;
  /** `--config`. */
  readonly configPath: string | undefined;
  /** Reads the configuration and finds server and credential, once. */
  session(): Promise<Session>;
}

/** Runs a command's work; its number is the exit code. Without one the command succeeded. */
export type Launch = (run: (context: CommandContext) => Promise<number | undefined>) => Promise<void>;

/** A module of `commands/`: adds arguments, flags, help and action to a command that so far has only its name. */
export interface CommandModule {
  define(command: Command, launch: Launch): void;
}

export interface CommandHelp {
  /** Two at least, each of which works when pasted. */
  readonly examples: readonly string[];
  /** What stands on standard output: on a terminal, piped, and with `--json`. */
  readonly output: readonly string[];
  /** Exit codes beside 0, 1, 2, 4 and 7, which every command has. */
  readonly exitCodes: readonly string[];
}

/** Adds examples, output shape and exit codes below the flags. */
export function addHelp(command: Command, { examples, output, exitCodes }: CommandHelp): void {
  const section = (title: string, lines: readonly string[]) => [`${title}:`, ...lines.map((line) => `  ${line}`), ''];
  const codes = ['0 ok', '1 failure', '2 usage', '4 not allowed', '7 unreachable', ...exitCodes].sort(
    (left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10),
  );
  const text = [
    '',
    ...section(
      'Examples',
      examples.map((example) => `$ ${example}`),
    ),
    ...section('Output', output),
    ...section('Exit codes', [`${codes.join(' · ')} (outkit help exit-codes)`]),
  ];
  command.addHelpText('after', text.join('\n').trimEnd());
}

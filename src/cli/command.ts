import type { Command } from 'commander';
import { folded } from './columns.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import type { Connect, Session } from './session.ts';

const INDENT = '  ';
const NO_BREAK = '\u00a0';

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
  /** `--api-url`. */
  readonly apiUrl: string | undefined;
  /** Reads the configuration and finds server and credential, once. */
  session(): Promise<Session>;
  /** Speaks to a server that the command has found itself. */
  readonly connect: Connect;
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

/** Adds examples, output shape and exit codes below the flags, no wider than the terminal; only examples stay whole, for pasting. */
export function addHelp(command: Command, { examples, output, exitCodes }: CommandHelp): void {
  const codes = ['0 ok', '1 failure', '2 usage', '4 not allowed', '7 unreachable', ...exitCodes]
    .sort((left, right) => Number.parseInt(left, 10) - Number.parseInt(right, 10))
    .map((code) => code.replaceAll(' ', NO_BREAK));
  command.addHelpText('after', () => {
    const width = (command.configureOutput().getOutHelpWidth?.() ?? 80) - INDENT.length;
    const lines = [
      ['', 'Examples:', ...examples.map((example) => `$ ${example}`)],
      ['', 'Output:', ...output.flatMap((line) => folded(line, width))],
      ['', 'Exit codes:', ...folded(codes.join(`${NO_BREAK}· `), width), 'All of them: outkit help exit-codes'],
    ];
    return lines
      .flatMap(([gap, title, ...text]) => [gap, title, ...text.map((line) => INDENT + line)])
      .join('\n')
      .replaceAll(NO_BREAK, ' ');
  });
}

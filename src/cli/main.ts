import { type Io, processIo } from './io.ts';
import { VERSION } from './version.ts';

/** Runs the process's command line and sets its exit code. */
export async function main(): Promise<void> {
  const io = processIo();
  io.setExitCode(await run(io.argv, io));
}

/** Runs a command line and resolves to its exit code. Never throws: what goes wrong is on standard error. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    io.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const { runProgram } = await import('./program.ts');
  return runProgram(argv, io);
}

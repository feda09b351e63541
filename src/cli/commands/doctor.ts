import type { Command } from 'commander';
import { addHelp, type CommandContext, type Launch } from '../command.ts';

/** `outkit doctor` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Checks all that stands between this machine and a working key, and names the command that mends it. ' +
        'A failed check is exit code 1, whatever it is.',
    )
    .action(() => launch(doctor));
  addHelp(command, {
    examples: ['outkit doctor', 'outkit doctor --json'],
    output: [
      'terminal  a list from the machine to the key: ✓ passed, ! warning, ✗ failed, – skipped',
      'pipe      check, verdict, detail and fix, separated by tabs',
      '--json    {"ok", "checks":[{name, verdict, detail, fix}]}',
    ],
    exitCodes: [],
  });
}

/** A failed check is exit code 1, whatever it is. */
async function doctor(context: CommandContext): Promise<number> {
  const [{ gatherFacts }, { runChecks }, { hasFailed, printChecks }, { openProgress }] = await Promise.all([
    import('../checkup/facts.ts'),
    import('../checkup/checkup.ts'),
    import('../checkup/report.ts'),
    import('../progress.ts'),
  ]);
  const progress = openProgress(context);
  const facts = await gatherFacts(context, (objects) => progress.show(`Searching the git history: ${objects} objects`));
  progress.clear();
  const checks = runChecks(facts);
  printChecks(checks, context.output);
  return hasFailed(checks) ? 1 : 0;
}

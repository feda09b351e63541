import type { Command } from 'commander';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { applyPlan } from './init-apply.ts';
import { askForPlan } from './init-plan.ts';
import { report, reportFound } from './init-report.ts';
import { type InitOptions, survey } from './init-survey.ts';

/** `outkit init` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Sets up this project: profile, outkit.json, env file, .gitignore, a first key, and the backend proxy of its framework. ' +
        'A file that is there is never overwritten, and running it again changes nothing that is right.',
    )
    .option('--profile <id>', 'make this profile the active one')
    .option('--env-file <path>', 'env file of the app (default: the one that its framework reads)')
    .option('--team <team>', 'team of a new profile: its id, or its name if no other has it')
    .option('--no-proxy', 'make no file of the app: neither the backend proxy nor a page')
    .option('-y, --yes', 'do not ask, take the defaults')
    .action((options: InitOptions) => launch((context) => init(options, context)));
  addHelp(command, {
    examples: ['outkit init', 'outkit init --yes --no-proxy'],
    output: [
      'stderr  what was found and done, and what is left to do',
      '--json  {framework, server, profile, config, envFile, key, gitignore, proxy, page, changed, warnings}; proxy and page: {file, code, exists, written} or null',
    ],
    exitCodes: ['3 no such profile or team', '130 cancelled'],
  });
}

/** Looks, asks, then acts: up to the last answer nothing has changed. */
async function init(options: InitOptions, context: CommandContext): Promise<undefined> {
  const found = await survey(options, context);
  reportFound(found, context);
  const plan = await askForPlan(found, options, context);
  report(found, plan, await applyPlan(found, plan, context), context);
}

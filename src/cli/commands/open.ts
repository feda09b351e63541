import type { Command } from 'commander';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { readConfig } from '../config.ts';
import { findServer } from '../server-choice.ts';

interface OpenOptions {
  readonly browser?: boolean;
}

/** `outkit open` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Opens the server in the browser, and prints its address.')
    .option('--no-browser', 'only print the address')
    .action((options: OpenOptions) => launch((context) => open(options, context)));
  addHelp(command, {
    examples: ['outkit open', 'outkit open --no-browser'],
    output: ['text    the address', '--json  {url, source}'],
    exitCodes: [],
  });
}

async function open({ browser }: OpenOptions, context: CommandContext): Promise<undefined> {
  const { io, apiUrl, configPath, output, interactive } = context;
  const { url, source } = await findServer(io, apiUrl, await readConfig(io, configPath, output));
  if (output.isJson) output.document({ url, source });
  else output.line(url);
  if (browser !== false && interactive) await io.openBrowser(url).catch(() => output.note('No browser opens here'));
}

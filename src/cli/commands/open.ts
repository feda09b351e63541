import type { Command } from 'commander';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { readConfig } from '../config.ts';
import { newDashboardLink, writeLinkPage } from '../dashboard-link.ts';
import { findServer } from '../server-choice.ts';

interface OpenOptions {
  readonly browser?: boolean;
}

/** `outkit open` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Opens the dashboard in the browser, and prints its address.')
    .option('--no-browser', 'only print the address')
    .action((options: OpenOptions) => launch((context) => open(options, context)));
  addHelp(command, {
    examples: ['outkit open', 'outkit open --no-browser'],
    output: [
      'text    the address; for an outkit dev a link that lets a browser in, once',
      '--json  {url, source, link}',
    ],
    exitCodes: [],
  });
}

async function open({ browser }: OpenOptions, context: CommandContext): Promise<undefined> {
  const { io, apiUrl, configPath, output, interactive } = context;
  const { url, source, dataDirectory } = await findServer(io, apiUrl, await readConfig(io, configPath, output));
  const link = dataDirectory === null ? null : await newDashboardLink(url, dataDirectory, io);
  if (output.isJson) output.document({ url, source, link });
  else output.line(link ?? url);
  if (link !== null) output.note('This link works once, within 5 minutes');
  if (browser === false || !interactive) return;
  const opened =
    link === null || dataDirectory === null
      ? io.openBrowser(url)
      : writeLinkPage(link, dataDirectory).then((page) => io.openPageFile(page));
  await opened.catch(() => output.note('No browser opens here'));
}

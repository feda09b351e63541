import type { Command } from 'commander';
import { OutkitError } from '../../core/errors.ts';
import { addHelp, type Launch } from '../command.ts';

interface DevFlags {
  readonly port: string;
  readonly host: string;
  readonly dataDir?: string;
}

/** `outkit dev`. The server is loaded when the command runs, not for its help. */
export function define(command: Command, launch: Launch): void {
  command
    .description('Runs server, database and renderer for the project in the working directory, until Ctrl-C.')
    .option('--port <n>', 'port to listen on; 0 picks a free one', '4680')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data-dir <path>', 'where keys and counts are kept (default: .outkit of the project)')
    .action((flags: DevFlags) =>
      launch(async ({ io, output, configPath }) => {
        const options = { port: portOf(flags.port), host: flags.host, dataDir: flags.dataDir, configPath };
        const { runDev } = await import('./dev.ts');
        return runDev(options, io, output);
      }),
    );
  addHelp(command, {
    examples: ['outkit dev', 'outkit dev --port 0 --data-dir ./outkit-data'],
    output: ['the address to open, then a line for each finished render'],
    exitCodes: [],
  });
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new OutkitError('usage', '--port takes a number from 0 to 65535', 'outkit dev --port 4680');
}

import type { Command } from 'commander';
import { addHelp, type Launch } from '../command.ts';

/** What the command line may say; passwords and secrets never stand there. */
export interface ServeFlags {
  readonly dataDir?: string;
  readonly host?: string;
  readonly port?: string;
  readonly publicUrl?: string;
  readonly behindProxy?: true;
  readonly limits?: string;
  readonly workers?: string;
  readonly usageSync?: string;
  readonly resetPassword?: string;
}

/** `outkit serve`. The server is loaded when the command runs, not for its help. */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Runs the server for a team: accounts, control API and renderer, until SIGTERM. Settings come from flags, then ' +
        'OUTKIT_… variables, then outkit.server.json (or --config); secrets from files only.',
    )
    .option('--data-dir <path>', 'where the databases are (default: ./outkit-data)')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <n>', 'port to listen on (default: 4680)')
    .option('--public-url <url>', 'address that people use, https unless on this machine')
    .option('--behind-proxy', 'believe X-Forwarded-For of a proxy in a private network')
    .option('--limits <scope>', 'with DATABASE_URL: count requests shared in Redis, or per-gateway (default: shared)')
    .option('--workers <n>', 'with DATABASE_URL: processes that share the port (default: 1)')
    .option(
      '--usage-sync <when>',
      'have usage on the disk within a second, or always before an answer (default: second)',
    )
    .option('--reset-password <email>', 'print a link by which that person sets a new password')
    .action((flags: ServeFlags) =>
      launch(async ({ io, output, configPath }) => {
        const { runServe } = await import('./serve.ts');
        return runServe(flags, configPath, io, output);
      }),
    );
  addHelp(command, {
    examples: [
      'outkit serve --data-dir ./outkit-data',
      'outkit serve --public-url https://outkit.example.com --behind-proxy',
    ],
    output: ['stdout  the log, one JSON object a line', 'stderr  the address, and once a link to set the server up'],
    exitCodes: ['3 nobody has the address of --reset-password'],
  });
}

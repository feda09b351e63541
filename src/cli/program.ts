import { Command, CommanderError } from 'commander';
import type { CommandContext, CommandModule, Launch } from './command.ts';
import { reportError } from './error-report.ts';
import { addHelpCommand } from './help.ts';
import { isInteractive } from './interactivity.ts';
import type { Io } from './io.ts';
import { type Output, type OutputFlags, openOutput } from './output.ts';
import { refusePlaintextArguments } from './plaintext-argument.ts';
import type { Connect, Session } from './session.ts';
import { usageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** Flags that every command takes, before or after its name. */
interface GlobalFlags {
  readonly json?: boolean;
  readonly input?: boolean;
  readonly apiUrl?: string;
  readonly config?: string;
  readonly color?: boolean;
}

interface Entry {
  readonly summary: string;
  load(): Promise<CommandModule>;
  /** Commands below one that does something itself. */
  readonly below?: Readonly<Record<string, Entry>>;
}

/** Loaded only when the command is named: `keys` never loads a server, and `--help` loads no command. */
const KEYS: Readonly<Record<string, Entry>> = {
  create: { summary: 'create a key and show it once', load: () => import('./commands/keys/create.ts') },
  list: { summary: 'list the keys of a profile', load: () => import('./commands/keys/list.ts') },
  stats: { summary: 'show the use of a key and its rate limit', load: () => import('./commands/keys/stats.ts') },
  update: { summary: 'change the end or the limit of a key', load: () => import('./commands/keys/update.ts') },
  rotate: {
    summary: 'replace the secret of a key, with a grace window',
    load: () => import('./commands/keys/rotate.ts'),
  },
  revoke: { summary: 'end a key, everywhere, now', load: () => import('./commands/keys/revoke.ts') },
};

const PROFILES: Readonly<Record<string, Entry>> = {
  create: { summary: 'create a profile', load: () => import('./commands/profiles/create.ts') },
  list: { summary: 'list the profiles of the team', load: () => import('./commands/profiles/list.ts') },
  show: { summary: 'show a profile and its design tokens', load: () => import('./commands/profiles/show.ts') },
  update: { summary: 'change name, plan or design', load: () => import('./commands/profiles/update.ts') },
  use: { summary: 'make a profile the active one', load: () => import('./commands/profiles/use.ts') },
  archive: { summary: 'end a profile and all its keys', load: () => import('./commands/profiles/archive.ts') },
};

const PEOPLE: Readonly<Record<string, Entry>> = {
  list: { summary: 'list who is in a team', load: () => import('./commands/people/list.ts') },
  invite: { summary: 'make a link into a team', load: () => import('./commands/people/invite.ts') },
  role: { summary: 'change what somebody may do', load: () => import('./commands/people/role.ts') },
  remove: { summary: 'take somebody out of a team, now', load: () => import('./commands/people/remove.ts') },
  invitations: { summary: 'list the open invitations', load: () => import('./commands/people/invitations.ts') },
  uninvite: { summary: 'end an invitation', load: () => import('./commands/people/uninvite.ts') },
};

const TEAMS: Readonly<Record<string, Entry>> = {
  list: { summary: 'list your teams', load: () => import('./commands/teams/list.ts') },
  create: { summary: 'create a team', load: () => import('./commands/teams/create.ts') },
  rename: { summary: 'give a team another name', load: () => import('./commands/teams/rename.ts') },
};

const SESSIONS: Readonly<Record<string, Entry>> = {
  list: { summary: 'list where you are signed in', load: () => import('./commands/sessions/list.ts') },
  end: { summary: 'end a session, or all others', load: () => import('./commands/sessions/end.ts') },
};

const GATEWAYS: Readonly<Record<string, Entry>> = {
  list: { summary: 'list the servers that judge keys', load: () => import('./commands/gateways/list.ts') },
  evict: { summary: 'let no change wait for one that is gone', load: () => import('./commands/gateways/evict.ts') },
};

const TOP: Readonly<Record<string, Entry>> = {
  init: {
    summary: 'set up this project: profile, env file, first key, proxy',
    load: () => import('./commands/init.ts'),
  },
  dev: {
    summary: 'run server, database and renderer for this project',
    load: () => import('./commands/dev-definition.ts'),
  },
  serve: {
    summary: 'run the server for a team, with accounts',
    load: () => import('./commands/serve-definition.ts'),
  },
  backup: {
    summary: 'copy the database into a file, while the server runs',
    load: () => import('./commands/backup.ts'),
  },
  restore: {
    summary: 'put a backup in place; what was revoked stays so',
    load: () => import('./commands/restore.ts'),
  },
  audit: {
    summary: 'show who changed what, and verify that log',
    load: () => import('./commands/audit.ts'),
    below: {
      verify: {
        summary: 'find out whether the log is what was written',
        load: () => import('./commands/audit-verify.ts'),
      },
    },
  },
  logs: {
    summary: 'show the requests of your keys, and watch them',
    load: () => import('./commands/logs.ts'),
    below: {
      tail: { summary: 'watch requests as they happen', load: () => import('./commands/logs-tail.ts') },
    },
  },
  login: { summary: 'log in to a server', load: () => import('./commands/login.ts') },
  logout: { summary: 'end a login, here and on the server', load: () => import('./commands/logout.ts') },
  whoami: { summary: 'show who you are, and by which credential', load: () => import('./commands/whoami.ts') },
  open: { summary: 'open the server in the browser', load: () => import('./commands/open.ts') },
  status: { summary: 'show server, profile and key of this project', load: () => import('./commands/status.ts') },
  doctor: { summary: 'find what is wrong, and how to mend it', load: () => import('./commands/doctor.ts') },
};

/** Nouns, each with the commands below it. */
const GROUPS = [
  {
    name: 'keys',
    summary: 'create, list, count, change, rotate and revoke keys',
    description: 'Create, list, count, change, rotate and revoke API keys.',
    commands: KEYS,
  },
  {
    name: 'profiles',
    summary: 'create, list, change, choose and archive profiles',
    description: 'Create, list, change, choose and archive profiles, to which keys belong.',
    commands: PROFILES,
  },
  {
    name: 'people',
    summary: 'list, invite and remove people, and change roles',
    description: 'List, invite and remove people of a team, and change their roles.',
    commands: PEOPLE,
  },
  {
    name: 'teams',
    summary: 'list, create and rename teams',
    description: 'List, create and rename teams, to which profiles belong.',
    commands: TEAMS,
  },
  {
    name: 'sessions',
    summary: 'list and end your sessions',
    description: 'List and end the sessions in which you are signed in.',
    commands: SESSIONS,
  },
  {
    name: 'gateways',
    summary: 'list the gateways, and evict dead ones',
    description: 'List the gateways, which are the servers that judge keys, and evict those that are gone.',
    commands: GATEWAYS,
  },
] as const;

/** Runs a command line; `connect` is replaced in tests. */
export async function runProgram(argv: readonly string[], io: Io, connect?: Connect): Promise<number> {
  let exitCode = 0;
  let output = openOutput(io, { json: argv.includes('--json'), colour: null });
  const program = newProgram(io);
  const launch: Launch = async (run) => {
    const { context, explained } = newContext(argv, io, program.opts<GlobalFlags>(), output, connect);
    try {
      exitCode = (await run(context)) ?? 0;
    } catch (error) {
      throw await explained(error);
    }
  };
  addCommands(program, TOP, launch);
  for (const { name, summary, description, commands } of GROUPS) {
    addCommands(program.command(name).summary(summary).description(description).helpCommand(false), commands, launch);
  }
  addHelpCommand(program, io);
  try {
    await refusePlaintextArguments(argv, () => {
      program.parseOptions([...argv]);
      return newContext(argv, io, program.opts<GlobalFlags>(), output, connect).context.session();
    });
    program.parseOptions([...argv]);
    output = openOutput(io, outputFlags(argv, program.opts<GlobalFlags>()));
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) return 0;
    const reported = error instanceof CommanderError ? usageError(error, argv, program) : error;
    return reportError(reported, argv, output, io.env['OUTKIT_DEBUG'] === '1');
  }
}

function newProgram(io: Io): Command {
  const print = (text: string) => io.stdout.write(text);
  return new Command('outkit')
    .description('API keys for the Outkit renderer: create, count, rotate and revoke them.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--json', 'print one JSON document, and errors as JSON')
    .option('--api-url <url>', 'speak to this server')
    .option('--config <path>', 'use this outkit.json')
    .option('--no-input', 'never ask, fail instead')
    .option('--color', 'colour even where it is not a terminal')
    .option('--no-color', 'no colour')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: print,
      writeErr: print,
      outputError: () => {},
      getOutHelpWidth: () => io.stdout.columns,
      getErrHelpWidth: () => io.stdout.columns,
    })
    .exitOverride();
}

function addCommands(parent: Command, entries: Readonly<Record<string, Entry>>, launch: Launch): void {
  for (const [name, entry] of Object.entries(entries)) {
    const command = parent.command(name).summary(entry.summary).description(entry.summary);
    addCommands(command, entry.below ?? {}, launch);
  }
  parent.hook('preSubcommand', async (_, command) => {
    const entry = entries[command.name()];
    if (entry !== undefined) (await entry.load()).define(command, launch);
  });
}

function newContext(
  argv: readonly string[],
  io: Io,
  flags: GlobalFlags,
  output: Output,
  connect: Connect = async (connection) => (await import('./session.ts')).connectOverHttp(connection),
): { context: CommandContext; explained(error: unknown): Promise<unknown> } {
  let session: Promise<Session> | undefined;
  const context: CommandContext = {
    io,
    output,
    argv,
    configPath: flags.config,
    apiUrl: flags.apiUrl,
    connect,
    interactive: isInteractive({
      stdinIsTTY: io.stdin.isTTY,
      stderrIsTTY: io.stderr.isTTY,
      ci: io.env['CI'],
      json: output.isJson,
      noInput: flags.input === false,
    }),
    session: () => {
      session ??= import('./session.ts').then(({ openSession }) =>
        openSession(io, { ...flags, argv }, output, connect),
      );
      return session;
    },
  };
  return {
    context,
    explained: async (error) => (await session?.catch(() => undefined))?.explained(error) ?? error,
  };
}

function outputFlags(argv: readonly string[], flags: GlobalFlags): OutputFlags {
  const colour = argv.includes('--no-color') ? 'off' : flags.color === true ? 'on' : null;
  return { json: flags.json === true, colour };
}

function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.helpDisplayed' || code === 'commander.help' || code === 'commander.version';
}

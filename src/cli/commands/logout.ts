import type { Command } from 'commander';
import { ERRORS, OutkitError } from '../../core/errors.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { readConfig } from '../config.ts';
import { findCredential, forgetCredential, type KeptLogin, listLogins } from '../credentials/credential-store.ts';
import { findServer, refuseImpostors } from '../server-choice.ts';

interface LogoutOptions {
  readonly everywhere?: boolean;
  readonly all?: boolean;
}

/** What became of one login. */
interface LoggedOut {
  readonly server: string;
  readonly wasLoggedIn: boolean;
  /** On the server. */
  readonly sessionEnded: boolean;
  /** `null` unless they were to be ended too, and were. */
  readonly otherSessionsEnded: number | null;
}

/** `outkit logout` */
export function define(command: Command, launch: Launch): void {
  command
    .description('Ends the session on the server and removes its credential from this machine.')
    .option('--everywhere', 'first end all other sessions of yours on that server')
    .option('--all', 'log out of all servers')
    .action((options: LogoutOptions) => launch((context) => logout(options, context)));
  addHelp(command, {
    examples: ['outkit logout', 'outkit logout --all --everywhere'],
    output: [
      'text    a line for each server',
      '--json  {"data":[{server, wasLoggedIn, sessionEnded, otherSessionsEnded}],"hasMore":false}',
    ],
    exitCodes: [],
  });
}

/** A session that goes on since the server could not be asked is the exit code of that error, once the credential is gone. */
async function logout({ all, everywhere }: LogoutOptions, context: CommandContext): Promise<number> {
  const { io, output } = context;
  const logins = await listLogins(io);
  const servers = all === true ? logins.map(({ server }) => server) : await serversOf(logins, context);
  for (const server of servers) refuseImpostors(server, io.env, 'The credential of the login');
  const data: LoggedOut[] = [];
  let exitCode = 0;
  for (const server of servers) {
    const login = logins.find((kept) => kept.server === server);
    const ended = login === undefined ? null : await end(login, everywhere === true, context);
    if (ended !== null && ended.problem !== null) exitCode = ERRORS[ended.problem.code].exitCode;
    const { sessionEnded = false, otherSessionsEnded = null } = ended ?? {};
    data.push({ server, wasLoggedIn: login !== undefined, sessionEnded, otherSessionsEnded });
  }
  if (output.isJson) output.document({ data, hasMore: false });
  else for (const one of data) output.line(lineOf(one));
  if (data.length === 0) output.note('You are logged in to no server');
  if ((io.env['OUTKIT_TOKEN'] ?? '') !== '') output.warn('OUTKIT_TOKEN is still set, and commands use it');
  return exitCode;
}

/** The server that is named, else the only one that is logged in to, else none: an `outkit dev` of the project has no logins. */
async function serversOf(
  logins: readonly KeptLogin[],
  { io, apiUrl, configPath, output }: CommandContext,
): Promise<readonly string[]> {
  const config = await readConfig(io, configPath, output);
  const isNamed = apiUrl !== undefined || (io.env['OUTKIT_API_URL'] ?? '') !== '' || config?.apiUrl !== undefined;
  const [login, ...others] = logins;
  if (isNamed) return [(await findServer(io, apiUrl, config)).url];
  if (login === undefined) return [];
  if (others.length === 0) return [login.server];
  const names = logins.map(({ server }) => server).join(', ');
  throw new OutkitError('usage', `You are logged in to several servers: ${names}`, 'outkit logout --all');
}

async function end(login: KeptLogin, everywhere: boolean, context: CommandContext) {
  const { io, output } = context;
  let problem: OutkitError | null = null;
  let otherSessionsEnded: number | null = null;
  try {
    otherSessionsEnded = await endSessions(login.server, everywhere, context);
  } catch (error) {
    if (!(error instanceof OutkitError)) throw error;
    problem = error;
    output.warn(`${error.message}. The session there goes on; its credential is removed from here`);
  }
  const isGone = await forgetCredential(login, io);
  if (!isGone) output.warn(`The keychain may still hold the credential for ${login.server}`);
  return { problem, sessionEnded: problem === null, otherSessionsEnded };
}

/** Resolves to how many other sessions were ended, `null` when they were to stay. A session that has ended by itself is no error. */
async function endSessions(url: string, everywhere: boolean, { io, connect }: CommandContext): Promise<number | null> {
  const kept = await findCredential(url, io);
  if (kept === null) return null;
  const { me } = await connect({ url, source: 'login', token: kept.credential });
  try {
    const ended = everywhere ? await me.endOtherSessions() : null;
    await me.signOut();
    return ended;
  } catch (error) {
    if (error instanceof OutkitError && error.code === 'unauthenticated') return null;
    throw error;
  }
}

function lineOf({ server, wasLoggedIn, sessionEnded, otherSessionsEnded }: LoggedOut): string {
  if (!wasLoggedIn) return `Not logged in to ${server}`;
  if (!sessionEnded) return `Removed the credential for ${server} from this machine`;
  if (otherSessionsEnded === null) return `Logged out of ${server}`;
  return `Logged out of ${server}, and ended ${otherSessionsEnded} other ${otherSessionsEnded === 1 ? 'session' : 'sessions'}`;
}

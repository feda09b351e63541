import type { Command } from 'commander';
import type { DeviceCode } from '../../client/device-login.ts';
import { SESSION_CREDENTIAL_PATTERN } from '../../core/accounts.ts';
import { MINUTE_MS } from '../../core/clock.ts';
import { OutkitError } from '../../core/errors.ts';
import { holdsSecret } from '../../core/secret.ts';
import { addHelp, type CommandContext, type Launch } from '../command.ts';
import { readConfig } from '../config.ts';
import { listLogins } from '../credentials/credential-store.ts';
import type { Login } from '../login/replace-login.ts';
import { findServer, isTrusted, notTrusted, refuseImpostors, type Server } from '../server-choice.ts';
import { visible } from '../visible-text.ts';

interface LoginOptions {
  readonly browser?: boolean;
  readonly withToken?: boolean;
}

const MAX_INPUT_BYTES = 4096;

/** `outkit login` */
export function define(command: Command, launch: Launch): void {
  command
    .description(
      'Logs in to a server: shows a code, and a page of that server on which you let this machine in. ' +
        'A login to the same server before is replaced, and its session ended.',
    )
    .option('--no-browser', 'only show the page, open no browser')
    .option('--with-token', 'read a credential from standard input instead')
    .action((options: LoginOptions) => launch((context) => login(options, context)));
  addHelp(command, {
    examples: ['outkit login --api-url https://outkit.example.com', 'echo "$CREDENTIAL" | outkit login --with-token'],
    output: [
      'text    server, person and teams, and where the credential is kept; page and code stand on standard error',
      '--json  {server, person: {id, email, name}, teams: [{id, name, role}], session: {id, expiresAt}, keptIn}; page and code stand on standard error all the same',
    ],
    exitCodes: ['5 outkit dev has no accounts', '130 cancelled'],
  });
}

async function login(options: LoginOptions, context: CommandContext): Promise<undefined> {
  const { io } = context;
  const server = await serverOf(context);
  refuseImpostors(server.url, io.env, 'A new credential');
  // What cannot be kept is better not asked for.
  await listLogins(io);
  if (options.withToken === true) {
    const { replaceLogin } = await import('../login/replace-login.ts');
    await report(await replaceLogin(server, await credentialOfInput(server, context), context), context);
  } else await report(await loginByDevice(server, options, context), context);
}

async function report({ server, me, keptIn }: Login, { io, output }: CommandContext): Promise<void> {
  const { credentialLabel, meDocument, personLabel } = await import('../login/login-label.ts');
  if (output.isJson) {
    output.document({ server: server.url, ...meDocument(me), keptIn });
    return;
  }
  const teams = me.teams.map(({ name }) => name).join(', ');
  output.line(visible(`Logged in to ${server.url} as ${personLabel(me)} (teams: ${teams === '' ? 'none' : teams})`));
  const why = keptIn === 'file' && io.env['OUTKIT_NO_KEYCHAIN'] !== '1' ? ': no keychain took it' : '';
  output.line(visible(`The credential is kept in ${credentialLabel(keptIn, io)}${why}`));
  if ((io.env['OUTKIT_TOKEN'] ?? '') !== '') output.warn('OUTKIT_TOKEN is set, and goes before this login');
}

/** The server that is named, also when an `outkit dev` of the project runs: that takes no logins. */
async function serverOf({ io, apiUrl, configPath, output }: CommandContext): Promise<Server> {
  const config = await readConfig(io, configPath, output);
  const found = await findServer(io, apiUrl, config).catch((error) => {
    if (!(error instanceof OutkitError) || error.code !== 'unreachable') throw error;
    throw new OutkitError('usage', 'No server to log in to is named', 'outkit login --api-url <url>');
  });
  if (found.dataDirectory === null) return { url: found.url, source: found.source };
  throw new OutkitError(
    'no_accounts',
    `${found.url} is the outkit dev of this project, which needs no login: commands find its credential`,
    'outkit login --api-url <url of another server>',
  );
}

async function loginByDevice(server: Server, options: LoginOptions, context: CommandContext): Promise<Login> {
  const { io, output, connect } = context;
  const { device } = await connect({ ...server, token: null });
  const code = await device.request();
  const [{ awaitApproval }, { takeEndSignal }] = await Promise.all([
    import('../login/await-approval.ts'),
    import('../login/end-signal.ts'),
  ]);
  // Before anything is shown: whoever sees the code may end it at once.
  const { signal, release } = takeEndSignal(io);
  try {
    tell(server, code, context);
    if (options.browser !== false && context.interactive) {
      await io.openBrowser(code.page).catch(() => output.note('No browser opens here: open the page yourself'));
    }
    return await keepOrEnd(server, await awaitApproval(code, device, io, signal), context, signal);
  } finally {
    release();
  }
}

/** A session whose credential is not kept is one that nobody would have the credential of. */
async function keepOrEnd(server: Server, credential: string, context: CommandContext, signal: AbortSignal) {
  const { endSession, replaceLogin } = await import('../login/replace-login.ts');
  try {
    return await replaceLogin(server, credential, context, signal);
  } catch (error) {
    await endSession(server, credential, context).catch(() => {
      context.output.warn('A session started and could not be ended. See what there is: outkit sessions list');
    });
    throw error;
  }
}

/** Also with `--json`, and not through what is silent then: without page and code nobody can let this machine in. */
function tell({ url }: Server, { page, userCode, lifeMs }: DeviceCode, { io }: CommandContext): void {
  const lines = [
    `Log in to ${url}`,
    `  Page  ${page}`,
    `  Code  ${userCode}`,
    `Enter the code on that page within ${Math.ceil(lifeMs / MINUTE_MS)} minutes. Waiting…`,
  ];
  for (const line of lines) io.stderr.write(`${visible(line)}\n`);
}

async function credentialOfInput(server: Server, { io }: CommandContext): Promise<string> {
  if (io.stdin.isTTY) {
    const what = '--with-token reads standard input, and what is typed there would stand on the screen';
    throw new OutkitError('usage', what, 'echo "$CREDENTIAL" | outkit login --with-token');
  }
  if (!(await isTrusted(server, io))) throw notTrusted(server.url, 'The credential');
  const credential = (await io.readInput(MAX_INPUT_BYTES)).trim();
  if (SESSION_CREDENTIAL_PATTERN.test(credential)) return credential;
  if (holdsSecret(credential)) {
    throw new OutkitError('usage', 'That is an API key, and no credential of a person', 'outkit login');
  }
  throw new OutkitError('usage', 'What stands on standard input is no credential of a login', 'outkit login');
}

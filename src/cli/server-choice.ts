import { isLoopbackUrl, isServerUrl, SERVER_URL_RULE } from '../client/server-url.ts';
import { OutkitError } from '../core/errors.ts';
import { holdsSecret } from '../core/secret.ts';
import { commandLine } from './command-line.ts';
import type { ProjectConfig } from './config.ts';
import { findCredential, type KeptIn, listLogins } from './credentials/credential-store.ts';
import { type DevServerRecord, isStillRunning, readDevServerRecord, readLocalCredential } from './dev-server-record.ts';
import type { Environ, Io } from './io.ts';
import type { Output } from './output.ts';
import { dataDirectoryOf } from './project.ts';

/** They lead to this machine by definition (RFC 6761, RFC 4291), and a server under one of them is the one on its port. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Who named the server: decides which credential may go there. */
export type ServerSource = 'flag' | 'environment' | 'config' | 'dev' | 'login';

/** Where a credential comes from. */
export type CredentialSource = 'OUTKIT_TOKEN' | 'outkit dev' | KeptIn;

export interface Server {
  /** Origin. */
  readonly url: string;
  readonly source: ServerSource;
}

/** The server to speak to, and the credential for it. */
export interface ServerAccess extends Server {
  readonly token: string;
  readonly credential: CredentialSource;
  /** `OUTKIT_TOKEN` goes to the running `outkit dev` of the project, which has a credential of its own. */
  readonly overridesLocalCredential: boolean;
}

/** A server, and what is known of the `outkit dev` of the project. */
export interface FoundServer extends Server {
  /** Data directory of the running `outkit dev` that this server is, whose credential it takes; `null` for any other server. */
  readonly dataDirectory: string | null;
  /** An `outkit dev` of the project was here, and has ended: who answers now is not known. */
  readonly hasEnded: boolean;
  /** Address of an `outkit dev` that runs in the project but is not used, since `outkit.json` names another server. */
  readonly unusedDev: string | null;
}

/** {@link findServer} and {@link accessTo} in one, with a notice when `outkit.json` outranks a running `outkit dev`. */
export async function chooseServer(
  io: Io,
  flag: string | undefined,
  config: ProjectConfig | null,
  output: Output,
): Promise<ServerAccess> {
  const server = await findServer(io, flag, config);
  if (server.unusedDev !== null) {
    output.note(
      `Using ${server.url} from outkit.json, not the outkit dev at ${server.unusedDev} (choose it with --api-url ${server.unusedDev})`,
    );
  }
  return accessTo(server, io);
}

/**
 * `--api-url` > `OUTKIT_API_URL` > `apiUrl` of `outkit.json` > the running `outkit dev` of the project > the one server that is logged in
 * to. Throws `usage` or `invalid_config` for a URL that breaks the rule, `unreachable` when nothing names a server or the dev server is
 * gone: what is about that project is not for another server.
 */
export async function findServer(io: Io, flag: string | undefined, config: ProjectConfig | null): Promise<FoundServer> {
  const dataDirectory = dataDirectoryOf(io, config?.path ?? null);
  const named = namedServer(io.env, flag, config);
  const dev = dataDirectory === null ? null : await readDevServer(dataDirectory, io, named);
  const isRunning = dev !== null && (await isStillRunning(dev, (pid) => io.isAlive(pid)));
  const server = named ?? (dev === null ? await loginServer(io) : devServer(dev, isRunning));
  const isDev = dev !== null && isSameServer(server.url, dev.url);
  return {
    ...server,
    // Under another name of this machine somebody else may listen on the same port.
    url: isDev && isRunning ? dev.url : server.url,
    dataDirectory: isDev && isRunning ? dataDirectory : null,
    hasEnded: isDev && !isRunning,
    unusedDev: server.source === 'config' && isRunning && !isDev ? dev.url : null,
  };
}

/** The same origin, or the same port under another name that can only be this machine. */
function isSameServer(left: string, right: string): boolean {
  if (left === right) return true;
  const [one, other] = [new URL(left), new URL(right)];
  const areLocal = [one, other].every(({ hostname }) => LOOPBACK_NAMES.includes(hostname));
  return areLocal && one.protocol === other.protocol && one.port === other.port;
}

/**
 * `OUTKIT_TOKEN` > the local credential of the `outkit dev` that the server is > the credential of the login to it. Throws
 * `not_logged_in` when there is none that may go to the server, `unreachable` when its `outkit dev` has ended, and `data_directory` or
 * `credential_store` for a credential that others can read.
 */
export async function accessTo({ dataDirectory, hasEnded, url, source }: FoundServer, io: Io): Promise<ServerAccess> {
  const server = { url, source };
  const variable = io.env['OUTKIT_TOKEN'] ?? '';
  const local = dataDirectory === null ? null : await readLocalCredential(dataDirectory, io.userId);
  if (variable !== '') {
    const token = variableTokenFor(server, io.env, await isTrusted(server, io));
    return { ...server, token, credential: 'OUTKIT_TOKEN', overridesLocalCredential: local !== null };
  }
  const rest = { ...server, overridesLocalCredential: false };
  if (local !== null) return { ...rest, token: local, credential: 'outkit dev' };
  const kept = await findCredential(url, io);
  if (kept === null) throw hasEnded ? ended(url) : notLoggedIn(url);
  refuseImpostors(url, io.env, 'The credential of the login');
  return { ...rest, token: kept.credential, credential: kept.keptIn };
}

/** Whether a credential may go to a server that is chosen like this: never to one that only a committed, maybe hostile, file names. */
export async function isTrusted({ source, url }: Server, io: Io): Promise<boolean> {
  if (source !== 'config' || isLoopbackUrl(url)) return true;
  return (await listLogins(io)).some(({ server }) => server === url);
}

/** For a server that is not trusted; `what` is the credential that would go there. */
export function notTrusted(url: string, what: string): OutkitError {
  const message = `${what} was not sent to ${url}: only outkit.json names that server`;
  return new OutkitError('not_logged_in', message, `if you trust it, --api-url ${url}`);
}

function notLoggedIn(url: string): OutkitError {
  const hint = commandLine(['login', '--api-url', url]);
  return new OutkitError('not_logged_in', `There is no credential for ${url}`, hint);
}

function namedServer(env: Environ, flag: string | undefined, config: ProjectConfig | null): Server | null {
  if (flag !== undefined) return { url: originOf(flag, '--api-url', 'usage'), source: 'flag' };
  const variable = env['OUTKIT_API_URL'];
  if (variable !== undefined && variable !== '') {
    return { url: originOf(variable, 'OUTKIT_API_URL', 'invalid_config'), source: 'environment' };
  }
  if (config?.apiUrl === undefined) return null;
  return { url: new URL(config.apiUrl).origin, source: 'config' };
}

function originOf(text: string, name: string, code: 'usage' | 'invalid_config'): string {
  if (!isServerUrl(text))
    throw new OutkitError(
      code,
      `${name} ${SERVER_URL_RULE}`,
      `${name}${code === 'usage' ? ' ' : '='}https://outkit.example.com`,
    );
  return new URL(text).origin;
}

/** A broken record must not stand in the way of a server that was named otherwise. */
async function readDevServer(dataDirectory: string, io: Io, named: Server | null): Promise<DevServerRecord | null> {
  try {
    const dev = await readDevServerRecord(dataDirectory, io.userId);
    return dev === null ? null : { ...dev, url: new URL(dev.url).origin };
  } catch (error) {
    if (named !== null) return null;
    throw error;
  }
}

function devServer(dev: DevServerRecord, isRunning: boolean): Server {
  if (!isRunning) throw ended(dev.url);
  return { url: dev.url, source: 'dev' };
}

async function loginServer(io: Io): Promise<Server> {
  const [login, ...others] = await listLogins(io);
  if (login === undefined) {
    const what = 'No Outkit server: none is named, and no outkit dev runs in this project';
    throw new OutkitError('unreachable', what, 'outkit dev, or for the server of a team: outkit login --api-url <url>');
  }
  if (others.length === 0) return { url: login.server, source: 'login' };
  const servers = [login, ...others].map(({ server }) => server).join(', ');
  throw new OutkitError('usage', `You are logged in to several servers: ${servers}`, `--api-url ${login.server}`);
}

function ended(url: string): OutkitError {
  return new OutkitError('unreachable', `The outkit dev of this project, at ${url}, has ended`, 'outkit dev');
}

/** The token of `OUTKIT_TOKEN`, if it is one and may go to the server. */
export function variableTokenFor(server: Server, env: Environ, isTrusted: boolean): string {
  const token = env['OUTKIT_TOKEN'] ?? '';
  if (!isTrusted) throw notTrusted(server.url, 'OUTKIT_TOKEN');
  if (holdsSecret(token)) {
    throw new OutkitError(
      'not_logged_in',
      'OUTKIT_TOKEN holds an API key; it needs a token of the control API',
      'put the key in OUTKIT_API_KEY',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new OutkitError('not_logged_in', 'OUTKIT_TOKEN holds characters that no token has', 'set OUTKIT_TOKEN again');
  }
  refuseImpostors(server.url, env, 'OUTKIT_TOKEN');
  return token;
}

/** Throws `not_logged_in` while anybody could pose as the server; `what` is the credential that would go there. */
export function refuseImpostors(url: string, env: Environ, what: string): void {
  if (!url.startsWith('https:') || env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return;
  throw new OutkitError(
    'not_logged_in',
    `${what} is not sent while NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pose as the server`,
    'NODE_EXTRA_CA_CERTS=<your CA>.pem',
  );
}

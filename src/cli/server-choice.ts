import { isLoopbackUrl, isServerUrl, SERVER_URL_RULE } from '../client/server-url.ts';
import { OutkitError } from '../core/errors.ts';
import type { ProjectConfig } from './config.ts';
import { type DevServerRecord, isStillRunning, readDevServerRecord, readLocalCredential } from './dev-server-record.ts';
import type { Environ, Io } from './io.ts';
import type { Output } from './output.ts';
import { dataDirectoryOf } from './project.ts';

/** They lead to this machine by definition (RFC 6761, RFC 4291), and a server under one of them is the one on its port. */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]'];

/** Who named the server: decides which credential may go there. */
export type ServerSource = 'flag' | 'environment' | 'config' | 'dev';

export interface Server {
  /** Origin. */
  readonly url: string;
  readonly source: ServerSource;
}

/** The server to speak to, and the credential for it. */
export interface ServerAccess extends Server {
  readonly token: string;
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
 * `--api-url` > `OUTKIT_API_URL` > `apiUrl` of `outkit.json` > the running `outkit dev` of the project.
 * Throws `usage` or `invalid_config` for a URL that breaks the rule, `unreachable` when nothing names a server or the dev server is gone.
 */
export async function findServer(io: Io, flag: string | undefined, config: ProjectConfig | null): Promise<FoundServer> {
  const dataDirectory = dataDirectoryOf(io, config?.path ?? null);
  const named = namedServer(io.env, flag, config);
  const dev = dataDirectory === null ? null : await readDevServer(dataDirectory, io, named);
  const isRunning = dev !== null && (await isStillRunning(dev, (pid) => io.isAlive(pid)));
  const server = named ?? devServer(dev, isRunning);
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
 * Throws `not_logged_in` when there is no credential that may go to the server, `unreachable` when its `outkit dev` has ended, and
 * `data_directory` for a local credential that others can read.
 */
export async function accessTo({ dataDirectory, hasEnded, url, source }: FoundServer, io: Io): Promise<ServerAccess> {
  const isTokenSet = (io.env['OUTKIT_TOKEN'] ?? '') !== '';
  if (hasEnded && !isTokenSet) throw ended(url);
  const local = dataDirectory === null ? null : await readLocalCredential(dataDirectory, io.userId);
  const token = tokenFor({ url, source }, io.env, local);
  return { url, source, token, overridesLocalCredential: isTokenSet && local !== null };
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

function devServer(dev: DevServerRecord | null, isRunning: boolean): Server {
  if (dev === null)
    throw new OutkitError(
      'unreachable',
      'No Outkit server: none is named, and no outkit dev runs in this project',
      'outkit dev',
    );
  if (!isRunning) throw ended(dev.url);
  return { url: dev.url, source: 'dev' };
}

function ended(url: string): OutkitError {
  return new OutkitError('unreachable', `The outkit dev of this project, at ${url}, has ended`, 'outkit dev');
}

/** `OUTKIT_TOKEN` before the local credential; never to a server that only a committed, maybe hostile, file names. */
export function tokenFor(server: Server, env: Environ, localCredential: string | null): string {
  const token = env['OUTKIT_TOKEN'];
  if (token === undefined || token === '') {
    if (localCredential !== null) return localCredential;
    throw new OutkitError(
      'not_logged_in',
      `There is no credential for ${server.url}`,
      'set OUTKIT_TOKEN to a token of that server',
    );
  }
  if (server.source === 'config' && !isLoopbackUrl(server.url)) {
    throw new OutkitError(
      'not_logged_in',
      `OUTKIT_TOKEN was not sent to ${server.url}: only outkit.json names that server`,
      `if you trust it, --api-url ${server.url}`,
    );
  }
  if (/ok[dsp]_[0-9A-Za-z]{38}/.test(token)) {
    throw new OutkitError(
      'not_logged_in',
      'OUTKIT_TOKEN holds an API key; it needs a token of the control API',
      'put the key in OUTKIT_API_KEY',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new OutkitError('not_logged_in', 'OUTKIT_TOKEN holds characters that no token has', 'set OUTKIT_TOKEN again');
  }
  if (server.url.startsWith('https:') && env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    throw new OutkitError(
      'not_logged_in',
      'OUTKIT_TOKEN is not sent while NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pose as the server',
      'NODE_EXTRA_CA_CERTS=<your CA>.pem',
    );
  }
  return token;
}

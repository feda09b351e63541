import { resolve } from 'node:path';
import { OutkitError } from '../core/errors.ts';
import { maskedStart } from '../core/secret.ts';
import type { RenderLine } from '../server/render-watch.ts';
import { commandLine } from './command-line.ts';
import type { DevOptions } from './commands/dev.ts';
import type { Io } from './io.ts';
import type { Output } from './output.ts';
import { VERSION } from './version.ts';
import { visible } from './visible-text.ts';

/** Every address of the machine; the control API still answers callers on this machine only. */
export const OPEN_HOSTS = ['0.0.0.0', '::'];

interface Greeting {
  readonly url: string;
  /** Opens the dashboard once. */
  readonly dashboardLink: string | null;
  /** The server that `outkit.json` names: commands of the project go there. */
  readonly apiUrl: string | undefined;
  /** The profile of the project in this server. */
  readonly profileId: string;
  readonly options: Pick<DevOptions, 'host' | 'dataDir'>;
}

/** Says where the server is, and the next command to type. */
export function greet({ url, dashboardLink, apiUrl, profileId, options }: Greeting, io: Io, output: Output): void {
  const { host, dataDir } = options;
  const { bold, cyan } = output.colours;
  if (OPEN_HOSTS.includes(host)) {
    output.warn('other machines can reach the renderer; keys are managed from this one only');
  }
  if (apiUrl !== undefined) output.warn(`outkit.json names ${apiUrl}: commands go there, not to this server`);
  output.line(`${bold(`Ready on ${cyan(url)}`)}  (outkit ${VERSION}, Ctrl-C stops)`);
  if (dashboardLink !== null) output.line(`Dashboard, once within 5 minutes:  ${cyan(dashboardLink)}`);
  // Inside npm's scripts and npx there is no `outkit` on the path of the next terminal.
  const npx = io.env['npm_execpath'] === undefined ? '' : 'npx ';
  const where = dataDir === undefined ? '' : `OUTKIT_DATA_DIR=${quoted(resolve(io.cwd, dataDir))} `;
  const server = apiUrl === undefined ? '' : ` --profile ${profileId} --api-url ${url}`;
  output.line(`Next, in another terminal:  ${where}${npx}outkit keys create -n "dev key"${server}`);
}

function quoted(argument: string): string {
  return visible(commandLine([argument]).slice('outkit '.length));
}

/** One line for each finished render: time, status, what was asked, whose key, how much, how long. */
export function renderLine(line: RenderLine, { colours }: Output): string {
  const { at, status, method, path, verdict, keyName, start, durationMs, blocks } = line;
  const paint = status < 300 ? colours.green : status < 500 ? colours.yellow : colours.red;
  const time = new Date(at).toTimeString().slice(0, 8);
  const key = keyName === null || start === null ? verdict : `${visible(keyName)} ${maskedStart(start)}`;
  const why = verdict === 'accepted' || keyName === null ? '' : `  ${verdict.replace('_', ' ')}`;
  const count = blocks === null ? '' : `  ${blocks} ${blocks === 1 ? 'block' : 'blocks'}`;
  return `${time}  ${paint(String(status))}  ${method} ${visible(path)}  ${key}${why}${count}  ${durationMs.toFixed(1)} ms`;
}

/** A problem of the running server: a line for one that is understood, a trace for any other or when `OUTKIT_DEBUG=1` asks for it. */
export function reportProblem(what: string, error: unknown, io: Pick<Io, 'env'>, output: Output): void {
  const isUnderstood = error === null || error instanceof OutkitError;
  output.warn(isUnderstood && error !== null ? `${what}: ${error.message}` : what);
  if (isUnderstood && io.env['OUTKIT_DEBUG'] !== '1') return;
  if (error instanceof Error) output.trace(error.stack ?? error.message);
}

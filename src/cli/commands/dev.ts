import { resolve } from 'node:path';
import { OutkitError } from '../../core/errors.ts';
import { maskedStart } from '../../core/secret.ts';
import type { RenderLine } from '../../server/render-gate.ts';
import type { RunningServer } from '../../server/server.ts';
import { prepareProject, projectDataDirectory, readConfigIfAny } from '../dev-project.ts';
import { ensureLocalCredential, removeDevServerRecord, writeDevServerRecord } from '../dev-server-record.ts';
import type { Io } from '../io.ts';
import type { Output } from '../output.ts';
import { VERSION } from '../version.ts';
import { visible } from '../visible-text.ts';

export interface DevOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** Undefined takes the project's own. */
  readonly dataDir: string | undefined;
  readonly configPath: string | undefined;
}

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];
/** Every address of the machine; the control API still answers callers on this machine only. */
const OPEN_HOSTS = ['0.0.0.0', '::'];

/** Serves the project in the working directory until SIGINT, SIGTERM or SIGHUP; resolves to 0 when all is written and closed. */
export async function runDev(options: DevOptions, io: Io, output: Output): Promise<number> {
  const { host } = options;
  if (![...LOOPBACK_HOSTS, ...OPEN_HOSTS].includes(host)) {
    throw new OutkitError(
      'usage',
      'outkit dev serves this machine: --host takes 127.0.0.1, ::1 or localhost, or 0.0.0.0 or :: to let others render',
      'outkit dev --host 0.0.0.0',
    );
  }
  const dataDirectory =
    options.dataDir === undefined ? projectDataDirectory(io, options.configPath) : resolve(io.cwd, options.dataDir);
  const stopped = untilSignalled(io);
  const config = await readConfigIfAny(io, options.configPath, output);
  // With an apiUrl the profile is one of that server.
  const profileId = config?.apiUrl === undefined ? (config?.profile ?? null) : null;
  const failed = Promise.withResolvers<OutkitError>();
  const server = await start(dataDirectory, profileId, options, io, output, failed.resolve);
  try {
    const url = localUrl(server.url, host);
    if (profileId !== null && server.isNewProfile) output.note(`Made profile ${profileId}, which outkit.json names`);
    const done = await prepareProject(io, options.configPath, dataDirectory, server.profileId);
    for (const line of done) output.note(line);
    await writeDevServerRecord(dataDirectory, { url, pid: io.pid, startedAt: io.now() });
    greet(url, options, io, output);
    const failure = await Promise.race([stopped, failed.promise]);
    if (failure !== undefined) throw failure;
    output.note('Stopping: finishing what runs, writing what was counted.');
  } finally {
    // Also on a disk that takes no more changes: a server that nobody waits for would go on.
    await removeDevServerRecord(dataDirectory).finally(() => server.close());
  }
  return 0;
}

async function start(
  dataDirectory: string,
  profileId: string | null,
  options: DevOptions,
  io: Io,
  output: Output,
  onFailed: (error: OutkitError) => void,
): Promise<RunningServer> {
  const { startLocalServer } = await import('../../server/server.ts');
  return startLocalServer({
    version: VERSION,
    dataDirectory,
    host: options.host,
    port: options.port,
    token: () => ensureLocalCredential(dataDirectory, io.fillRandom),
    profileId,
    fillRandom: io.fillRandom,
    time: { wallNow: () => io.now(), monotonicNow: () => performance.now() },
    onRender: (line) => output.line(renderLine(line, output)),
    onFailed,
    onProblem: (what, error) => {
      output.warn(what);
      output.trace(error instanceof Error ? (error.stack ?? error.message) : String(error));
    },
  });
}

/** The address that commands on this machine use. */
function localUrl(url: string, host: string): string {
  return OPEN_HOSTS.includes(host) ? url.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//127.0.0.1') : url;
}

function greet(url: string, { host, dataDir }: DevOptions, io: Io, output: Output): void {
  const { bold, cyan } = output.colours;
  // Inside npm's scripts and npx there is no `outkit` on the path of the next terminal.
  const command = io.env['npm_execpath'] === undefined ? 'outkit' : 'npx outkit';
  const where = dataDir === undefined ? '' : `OUTKIT_DATA_DIR=${visible(dataDir)} `;
  if (OPEN_HOSTS.includes(host))
    output.warn('other machines can reach the renderer; keys are managed from this one only');
  output.line(`${bold(`Ready on ${cyan(url)}`)}  (outkit ${VERSION}, Ctrl-C stops)`);
  output.line(`Next, in another terminal:  ${where}${command} keys create -n "dev key"`);
}

/** One line for each finished render: time, status, what was asked, whose key, how much, how long. */
function renderLine(line: RenderLine, { colours }: Output): string {
  const { at, status, method, path, verdict, keyName, start, durationMs, blocks } = line;
  const paint = status < 300 ? colours.green : status < 500 ? colours.yellow : colours.red;
  const time = new Date(at).toTimeString().slice(0, 8);
  const key = keyName === null || start === null ? verdict : `${visible(keyName)} ${maskedStart(start)}`;
  const why = verdict === 'accepted' || keyName === null ? '' : `  ${verdict.replace('_', ' ')}`;
  const count = blocks === null ? '' : `  ${blocks} ${blocks === 1 ? 'block' : 'blocks'}`;
  return `${time}  ${paint(String(status))}  ${method} ${visible(path)}  ${key}${why}${count}  ${durationMs.toFixed(1)} ms`;
}

function untilSignalled(io: Io): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) io.onSignal(signal, () => resolve());
  });
}

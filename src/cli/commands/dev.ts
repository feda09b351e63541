import { resolve } from 'node:path';
import { headText } from '../../core/audit.ts';
import { OutkitError } from '../../core/errors.ts';
import type { RunningServer } from '../../server/server.ts';
import { commandLine } from '../command-line.ts';
import { newDashboardLink } from '../dashboard-link.ts';
import { greet, OPEN_HOSTS, renderLine, reportProblem } from '../dev-output.ts';
import { prepareProject, projectDataDirectory, readConfigIfAny } from '../dev-project.ts';
import { removeDevServerRecord, renewLocalCredential, writeDevServerRecord } from '../dev-server-record.ts';
import type { Io } from '../io.ts';
import type { Output } from '../output.ts';
import { VERSION } from '../version.ts';

export interface DevOptions {
  /** 0 picks a free one. */
  readonly port: number;
  readonly host: string;
  /** Undefined takes the project's own. */
  readonly dataDir: string | undefined;
  readonly configPath: string | undefined;
}

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'];

/** Serves the project in the working directory until a signal or a closed pipe; resolves to 0 when all is written and closed. */
export async function runDev(options: DevOptions, io: Io, output: Output): Promise<number> {
  const { host } = options;
  if (output.isJson) throw new OutkitError('usage', 'outkit dev prints lines for people, not JSON', 'outkit dev');
  if (![...LOOPBACK_HOSTS, ...OPEN_HOSTS].includes(host)) {
    throw new OutkitError(
      'usage',
      'outkit dev serves this machine: --host takes 127.0.0.1, ::1 or localhost, or 0.0.0.0 or :: to let others render',
      'outkit dev --host 0.0.0.0',
    );
  }
  const dataDirectory =
    options.dataDir === undefined ? projectDataDirectory(io, options.configPath) : resolve(io.cwd, options.dataDir);
  const stopped = untilEnded(io);
  const config = await readConfigIfAny(io, options.configPath, output);
  // With an apiUrl the profile is one of that server.
  const profileId = config?.apiUrl === undefined ? (config?.profile ?? null) : null;
  const failed = Promise.withResolvers<OutkitError>();
  const server = await start(dataDirectory, profileId, options, io, output, failed.resolve).catch((error) => {
    throw error instanceof OutkitError && error.code === 'address_in_use' ? otherPort(error, options) : error;
  });
  try {
    const url = localUrl(server.url, host);
    if (profileId !== null && server.isNewProfile) output.note(`Made profile ${profileId}, which outkit.json names`);
    await prepareProject({ configPath: options.configPath, dataDirectory, profileId: server.profile.id }, io, output);
    if (server.profile.archivedAt !== null) {
      output.warn(
        `profile ${server.profile.id} of outkit.json is archived, and its keys are refused: outkit profiles list`,
      );
    }
    await writeDevServerRecord(dataDirectory, { url, pid: io.pid, startedAt: io.now() });
    const dashboardLink = await newDashboardLink(url, dataDirectory, io);
    greet({ url, dashboardLink, apiUrl: config?.apiUrl, profileId: server.profile.id, options }, io, output);
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
    token: () => renewLocalCredential(dataDirectory, io.fillRandom),
    profileId,
    fillRandom: io.fillRandom,
    time: { wallNow: () => io.now(), monotonicNow: () => performance.now() },
    usageSync: 'second',
    onRender: (line) => output.line(renderLine(line, output)),
    onFailed,
    onAuditHead: (head) => output.note(`Audit log at ${headText(head)}`),
    onProblem: (what, error) => reportProblem(what, error, io, output),
  });
}

/** The same command on another port. */
function otherPort({ code, message }: OutkitError, { host, dataDir }: DevOptions): OutkitError {
  const onHost = host === LOOPBACK_HOSTS[0] ? [] : ['--host', host];
  const inDirectory = dataDir === undefined ? [] : ['--data-dir', dataDir];
  return new OutkitError(code, message, commandLine(['dev', '--port', '0', ...onHost, ...inDirectory]));
}

/** The address that commands on this machine use. */
function localUrl(url: string, host: string): string {
  return OPEN_HOSTS.includes(host) ? url.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//127.0.0.1') : url;
}

function untilEnded(io: Io): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) io.onSignal(signal, () => resolve());
    io.onOutputClosed(resolve);
  });
}

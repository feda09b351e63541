import { setTimeout as sleep } from 'node:timers/promises';
import { type ChainHead, headText } from '../core/audit.ts';
import type { OutkitError } from '../core/errors.ts';
import type { Profile } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';
import type { UsageJournal } from '../core/usage-journal.ts';
import { openUsageJournal, type UsageSync } from '../storage/journal/open-journal.ts';
import { patientStore } from '../storage/journal/patient-store.ts';
import { openSharedStore, openStore, type SharedStore, takeDirectory } from '../storage/open-store.ts';
import { appendAuditHead } from './audit-heads-file.ts';
import { localIdentity } from './control/local-identity.ts';
import { readDashboardFiles } from './dashboard/dashboard-files.ts';
import { addLocalDashboard } from './dashboard/local-dashboard.ts';
import { localSessions } from './dashboard/local-sessions.ts';
import { embeddedJudge } from './embedded-judge.ts';
import { startClock } from './lifecycle.ts';
import { ensureLocalTeam } from './local-team.ts';
import { derivedKey } from './pages/derived-key.ts';
import type { RenderLine } from './render-watch.ts';
import { DEFAULT_RETENTION } from './retention.ts';
import { runServer, type ServerOptions, type ServerParts } from './run-server.ts';
import type { ServeOptions, StartServer } from './serve-options.ts';
import type { SteadyClockSources } from './steady-clock.ts';
import { unknownKeysFacts } from './unknown-keys-report.ts';

export interface LocalServerOptions {
  /** Of the package, for `GET /healthz`. */
  readonly version: string;
  readonly dataDirectory: string;
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Credential of the control API, for callers on this machine. Asked for when the data directory belongs to this server. */
  readonly token: () => Promise<string>;
  /** Profile of the project, made when it is not there; `null` takes the oldest one. */
  readonly profileId: string | null;
  readonly fillRandom: FillRandom;
  readonly time: SteadyClockSources;
  readonly usageSync: UsageSync;
  readonly onRender: (line: RenderLine) => void;
  /** Called once an hour and at the stop, if it moved: whoever keeps the heads finds out about a log that was cut or rewritten. */
  readonly onAuditHead: (head: ChainHead, teamId: string) => void | Promise<void>;
  readonly onProblem: (what: string, error: unknown) => void;
  /** Called once when the disk failed: the last change may be there or not, and only a new start can tell. */
  readonly onFailed: (error: OutkitError) => void;
}

export interface RunningServer {
  /** Origin under which it answers, such as `http://127.0.0.1:4680`. */
  readonly url: string;
  /** The profile of the project. */
  readonly profile: Profile;
  readonly isNewProfile: boolean;
  /** Stops accepting, finishes what runs, writes what was counted, closes the store. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts the control API and the renderer on the embedded database of a data directory. Resolves when it serves. */
export function startLocalServer(options: LocalServerOptions): Promise<RunningServer> {
  return withUsage(options, (usage) => serve(usage, options));
}

async function serve(usage: Usage, options: LocalServerOptions): Promise<RunningServer> {
  const { fillRandom, time } = options;
  const { store, journal } = usage;
  const clock = await startClock(store, time, options.onProblem);
  const { team, profile, isNewProfile } = await ensureLocalTeam(store, clock, fillRandom, options.profileId);
  const credential = await options.token();
  const sessions = localSessions({ credential, wallNow: time.wallNow, fillRandom });
  const dashboard = await readDashboardFiles();
  const settings: ServerOptions = {
    ...options,
    ...DEFAULT_RETENTION,
    ownNames: [options.host.toLowerCase()],
    trustedProxies: [],
    metricsToken: null,
    cursorKey: fillRandom(new Uint8Array(32)),
    // Whoever watches sees each of them.
    onUnknownKeys: () => {},
  };
  const identity = { label: 'local', version: options.version };
  const judge = await embeddedJudge({ store, clock, identity, fillRandom });
  const parts = { store, journal, judge, hints: null, close: () => store.close() };
  const running = await runServer(parts, settings, async (app) => {
    addLocalDashboard(app, dashboard, sessions);
    return { identify: localIdentity(credential, team, sessions.isOpen), people: null };
  });
  return { ...running, profile, isNewProfile };
}

/** Starts a server for people with accounts. */
export const startServer: StartServer = (options) => {
  const { config, log, fillRandom, onFailed } = options;
  const onProblem = (what: string, error: unknown) => log.problem(what, error);
  return withUsage({ ...config, fillRandom, onProblem, onFailed }, async (usage) => {
    const { store, journal } = usage;
    const { judge, hints, alone, close: closeShared } = await judgeOf(usage, options, onProblem);
    const close = async () => {
      await closeShared();
      await usage.close();
    };
    try {
      // Loaded here: what accounts need is not small, and the server of `outkit dev` has none.
      const { accountsEntrance } = await import('./accounts-entrance.ts');
      const { clock } = judge;
      const settings: ServerOptions = {
        ...config,
        version: options.version,
        ownNames: config.hosts,
        fillRandom,
        onProblem,
        cursorKey: derivedKey(Buffer.from(config.secret), 'cursors'),
        onRequest: (line) => log.request(line),
        onUnknownKeys: (report) => log.notice('unknown keys', unknownKeysFacts(report)),
        async onAuditHead(head, teamId) {
          log.notice('audit head', { teamId, head: headText(head) });
          if (config.auditHeadsFile !== null) await appendAuditHead(config.auditHeadsFile, clock.now(), teamId, head);
        },
      };
      return await runServer({ store, journal, judge, hints, close }, settings, (app) =>
        // Of servers that start together one makes the first owner.
        alone(() => accountsEntrance(app, { store, clock, fillRandom, onProblem }, options)),
      );
    } catch (error) {
      await judge.stop();
      // Its connections would keep the process alive.
      await closeShared();
      throw error;
    }
  });
};

/** Judges alone in a data directory, or together with others on a database server. `close` closes what it opened. */
async function judgeOf(
  { store }: Usage,
  { config, version, time, fillRandom, log }: ServeOptions,
  onProblem: (what: string, error: unknown) => void,
): Promise<Pick<ServerParts, 'judge' | 'hints' | 'close'> & Pick<SharedStore, 'alone'>> {
  const identity = { label: config.gatewayName, version };
  if (config.databaseUrl === null) {
    const clock = await startClock(store, time, onProblem);
    const judge = await embeddedJudge({ store, clock, identity, fillRandom });
    return { judge, hints: null, alone: (work) => work(), close: async () => {} };
  }
  const shared = await openSharedStore(config.databaseUrl);
  const { leasedJudge } = await import('./leased-judge.ts');
  const { gateways, hints } = shared;
  try {
    const judge = await leasedJudge({
      store: gateways,
      hints,
      clocks: time,
      identity,
      limits: { redisUrl: config.redisUrl, scope: config.limits },
      fillRandom,
      onProblem,
      onNotice: (what) => log.notice(what),
    });
    return { judge, hints, alone: shared.alone, close: () => shared.close() };
  } catch (error) {
    await shared.close();
    throw error;
  }
}

/** Where it is stored what was answered. */
interface Usage {
  readonly store: Awaited<ReturnType<typeof openStore>>;
  readonly journal: UsageJournal;
  /** Closes the store, and gives the data directory back. */
  close(): Promise<void>;
}

interface UsageOptions
  extends Pick<LocalServerOptions, 'dataDirectory' | 'usageSync' | 'fillRandom' | 'onProblem' | 'onFailed'> {
  /** Of the database server that has the data. */
  readonly databaseUrl?: string | null;
}

/** Opens the store, and counts what the process before this one answered last: the time of that is in the store then, too. */
async function withUsage<Result>(options: UsageOptions, work: (usage: Usage) => Promise<Result>): Promise<Result> {
  const { dataDirectory: directory, databaseUrl = null, usageSync: sync, fillRandom, onProblem } = options;
  // The store of a directory takes it by itself.
  const taken = databaseUrl === null ? null : await takeDirectory(directory);
  let store: Usage['store'] | null = null;
  let journal: UsageJournal | null = null;
  const close = async () => {
    await store?.close();
    taken?.release();
  };
  try {
    store = await openStore(databaseUrl ?? directory, options.onFailed);
    const epoch = Buffer.from(fillRandom(new Uint8Array(16))).toString('hex');
    const usageStore = databaseUrl === null ? store : patientStore(store, { sleep, onProblem });
    journal = await openUsageJournal(usageStore, { directory, epoch, sync, onProblem });
    return await work({ store, journal, close });
  } catch (error) {
    await journal?.close(false);
    await close();
    throw error;
  }
}

import type { FastifyInstance } from 'fastify';
import { healthJson } from '../api/health.ts';
import { type ChainHead, headText } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { Profile } from '../core/profile.ts';
import type { StoredEvent } from '../core/render-event.ts';
import type { FillRandom } from '../core/secret.ts';
import type { UsageJournal } from '../core/usage-journal.ts';
import { createAuthenticate } from '../gateway/authenticate.ts';
import { EmbeddedKeyView } from '../gateway/embedded-key-view.ts';
import { localLimits } from '../gateway/rate-limit.ts';
import { UnknownKeys, type UnknownKeysReport } from '../gateway/unknown-keys.ts';
import { UsageRecorder } from '../gateway/usage-recorder.ts';
import { createCursors } from '../services/cursor.ts';
import { openUsageJournal, type UsageSync } from '../storage/journal/open-journal.ts';
import { openStore } from '../storage/open-store.ts';
import type { Entrance } from './accounts-entrance.ts';
import { tellAuditHeads } from './audit-heads.ts';
import { appendAuditHead } from './audit-heads-file.ts';
import { controlAccess } from './control/access.ts';
import { addControlApi } from './control/control-api.ts';
import { localIdentity } from './control/local-identity.ts';
import { embeddedGateways } from './embedded-gateways.ts';
import { EventHub } from './events/event-hub.ts';
import { createHttpApp } from './http-app.ts';
import { endRequests, listen, persistTimeRegularly, startClock } from './lifecycle.ts';
import { ensureLocalTeam } from './local-team.ts';
import { createMetrics } from './metrics.ts';
import { addMetricsRoute } from './metrics-route.ts';
import { openApiDocument } from './openapi.ts';
import { guardRenderer, type RenderLine } from './render-gate.ts';
import { renderRoutes } from './render-routes.ts';
import { watchRequests } from './request-log.ts';
import { DEFAULT_RETENTION, type RetentionOptions, tidyRegularly } from './retention.ts';
import type { StartServer } from './serve-options.ts';
import type { RequestLine } from './server-log.ts';
import type { SteadyClockSources } from './steady-clock.ts';
import { tellUnknownKeys, unknownKeysFacts } from './unknown-keys-report.ts';

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
  const { store } = usage;
  const clock = await startClock(store, time, options.onProblem);
  const { team, profile, isNewProfile } = await ensureLocalTeam(store, clock, fillRandom, options.profileId);
  const identify = localIdentity(await options.token(), team);
  const settings: ServerOptions = {
    ...options,
    ...DEFAULT_RETENTION,
    ownNames: [options.host.toLowerCase()],
    trustedProxies: [],
    metricsToken: null,
    // Whoever watches sees each of them.
    onUnknownKeys: () => {},
  };
  const running = await run(usage, clock, settings, async () => ({ identify, people: null }));
  return { ...running, profile, isNewProfile };
}

/** Starts a server for people with accounts. */
export const startServer: StartServer = (options) => {
  const { config, log, fillRandom, time, onFailed } = options;
  const onProblem = (what: string, error: unknown) => log.problem(what, error);
  return withUsage({ ...config, fillRandom, onProblem, onFailed }, async (usage) => {
    const { store } = usage;
    const clock = await startClock(store, time, onProblem);
    // Loaded here: what accounts need is not small, and the server of `outkit dev` has none.
    const { accountsEntrance } = await import('./accounts-entrance.ts');
    const settings: ServerOptions = {
      ...config,
      version: options.version,
      ownNames: config.hosts,
      fillRandom,
      onProblem,
      onRequest: (line) => log.request(line),
      onUnknownKeys: (report) => log.notice('unknown keys', unknownKeysFacts(report)),
      async onAuditHead(head, teamId) {
        log.notice('audit head', { teamId, head: headText(head) });
        if (config.auditHeadsFile !== null) await appendAuditHead(config.auditHeadsFile, clock.now(), teamId, head);
      },
    };
    return run(usage, clock, settings, (app) =>
      accountsEntrance(app, { store, clock, fillRandom, onProblem }, options),
    );
  });
};

/** Where it is stored what was answered. */
interface Usage {
  readonly store: Awaited<ReturnType<typeof openStore>>;
  readonly journal: UsageJournal;
}

/** Opens the store, and counts what the process before this one answered last: the time of that is in the store then, too. */
async function withUsage<Result>(
  options: Pick<LocalServerOptions, 'dataDirectory' | 'usageSync' | 'fillRandom' | 'onProblem' | 'onFailed'>,
  work: (usage: Usage) => Promise<Result>,
): Promise<Result> {
  const { dataDirectory: directory, usageSync: sync, fillRandom, onProblem } = options;
  const store = await openStore(directory, options.onFailed);
  let journal: UsageJournal | null = null;
  try {
    const epoch = Buffer.from(fillRandom(new Uint8Array(16))).toString('hex');
    journal = await openUsageJournal(store, { directory, epoch, sync, onProblem });
    return await work({ store, journal });
  } catch (error) {
    await journal?.close(false);
    await store.close();
    throw error;
  }
}

/** What every server has, whoever may ask it. */
interface ServerOptions
  extends RetentionOptions,
    Pick<LocalServerOptions, 'version' | 'host' | 'port' | 'fillRandom' | 'onAuditHead' | 'onProblem'> {
  readonly ownNames: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly onRender?: (line: RenderLine) => void;
  readonly onRequest?: (line: RequestLine) => void;
  readonly onUnknownKeys: (report: UnknownKeysReport) => void;
  readonly metricsToken: string | null;
}

async function run(
  { store, journal }: Usage,
  clock: Clock,
  options: ServerOptions,
  open: (app: FastifyInstance) => Promise<Entrance>,
): Promise<Pick<RunningServer, 'url' | 'close'>> {
  const { version, fillRandom, onProblem, ownNames, trustedProxies } = options;
  const view = await EmbeddedKeyView.load(store);
  const hub = await EventHub.open(store);
  const onStored = (events: readonly StoredEvent[] | null) => (events === null ? hub.lookAgain() : hub.publish(events));
  const recorder = new UsageRecorder({ store, journal, clock, onProblem, onStored });
  const onInternalError = (error: unknown, requestId: string) => onProblem(`request ${requestId} failed`, error);
  const app = createHttpApp({ ownNames, trustedProxies, fillRandom, onInternalError });
  if (options.onRequest !== undefined) watchRequests(app, options.onRequest);
  app.get('/healthz', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return healthJson(version, clock.now());
  });
  const unknownKeys = new UnknownKeys();
  const metrics = createMetrics({
    tails: () => hub.tails,
    openAnswers: () => recorder.openAnswers,
    waitingEvents: () => recorder.waitingEvents,
    tailGaps: () => hub.gaps,
    unknownKeyNetworks: () => unknownKeys.networks,
  });
  const onRender = (line: RenderLine) => {
    metrics.observe(line);
    if (line.verdict === 'unknown' || line.verdict === 'malformed') unknownKeys.count(line.address);
    options.onRender?.(line);
  };
  addMetricsRoute(app, metrics, options.metricsToken);
  app.get('/readyz', async () => ({ status: 'ready' }));
  const { identify, people } = await open(app);
  app.get('/openapi.json', async () => openApiDocument(version, people !== null));
  app.register(async (control) => {
    const gateways = embeddedGateways(view, recorder, clock, (profile) => hub.addProfile(profile));
    const cursors = createCursors(fillRandom(new Uint8Array(32)));
    addControlApi(control, identify, controlAccess({ store, hub, gateways, cursors, clock, fillRandom }, people));
  });
  app.register(async (renderer) => {
    const authenticate = createAuthenticate({
      view,
      limits: localLimits,
      clock,
      monotonicNow: () => performance.now(),
    });
    guardRenderer(renderer, { authenticate, clock, recorder, onRender });
    renderRoutes(renderer);
  });
  app.addHook('preClose', async () => hub.close(stopping()));
  const url = await listen(app, options);
  const stopPersisting = persistTimeRegularly(store, clock, onProblem);
  const stopTidying = tidyRegularly(store, clock, options, onProblem);
  const stopTelling = tellUnknownKeys(unknownKeys, options.onUnknownKeys);
  const heads = tellAuditHeads(store, options);
  const end = async () => {
    stopPersisting();
    heads.stop();
    await Promise.all([endRequests(app), stopTidying()]);
    stopTelling();
    try {
      await recorder.close();
      await store.persistTime(clock.now());
      await heads.tell();
    } finally {
      await store.close();
    }
  };
  let ending: Promise<void> | undefined;
  return {
    url,
    close: () => {
      ending ??= end();
      return ending;
    },
  };
}

/** What a live log ends with, so that its reader comes back. */
function stopping(): OutkitError {
  return new OutkitError('unavailable', 'The server stops', 'try again');
}

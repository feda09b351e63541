import type { FastifyInstance } from 'fastify';
import { healthJson } from '../api/health.ts';
import { OutkitError } from '../core/errors.ts';
import type { Hints } from '../core/hints.ts';
import type { StoredEvent } from '../core/render-event.ts';
import type { UsageJournal } from '../core/usage-journal.ts';
import { createAuthenticate } from '../gateway/authenticate.ts';
import { UnknownKeys, type UnknownKeysReport } from '../gateway/unknown-keys.ts';
import { UsageRecorder } from '../gateway/usage-recorder.ts';
import { createCursors } from '../services/cursor.ts';
import type { Store } from '../storage/store.ts';
import type { Entrance } from './accounts-entrance.ts';
import { tellAuditHeads } from './audit-heads.ts';
import { controlAccess } from './control/access.ts';
import { addControlApi } from './control/control-api.ts';
import { EventHub } from './events/event-hub.ts';
import { lookAtEventsOfOthers } from './events/events-of-others.ts';
import { createHttpApp } from './http-app.ts';
import type { Judge } from './judge.ts';
import { endRequests, listen, persistTimeRegularly } from './lifecycle.ts';
import { createMetrics } from './metrics.ts';
import { addMetricsRoute } from './metrics-route.ts';
import { openApiDocument } from './openapi.ts';
import { guardRenderer } from './render-gate.ts';
import { renderRoutes } from './render-routes.ts';
import { type RenderLine, watchRenders } from './render-watch.ts';
import { watchRequests } from './request-log.ts';
import { type RetentionOptions, tidyRegularly } from './retention.ts';
import type { LocalServerOptions, RunningServer } from './server.ts';
import { serverGauges } from './server-gauges.ts';
import type { RequestLine } from './server-log.ts';
import { tellUnknownKeys } from './unknown-keys-report.ts';

/** What a server works with, all of it open. */
export interface ServerParts {
  readonly store: Store;
  readonly journal: UsageJournal;
  readonly judge: Judge;
  /** Of other servers on the same database; `null` where there are none. */
  readonly hints: Hints | null;
  /** Closes what was opened, the journal apart. */
  close(): Promise<void>;
}

/** What every server has, whoever may ask it. */
export interface ServerOptions
  extends RetentionOptions,
    Pick<LocalServerOptions, 'version' | 'host' | 'port' | 'fillRandom' | 'onAuditHead' | 'onProblem'> {
  readonly ownNames: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly onRender?: (line: RenderLine) => void;
  readonly onRequest?: (line: RequestLine) => void;
  readonly onUnknownKeys: (report: UnknownKeysReport) => void;
  readonly metricsToken: string | null;
  /** 32 bytes under which cursors of pages are authenticated: the same at each server that the next request may come to. */
  readonly cursorKey: Uint8Array;
}

/** Serves with what is open, and closes it at the end. Resolves when it listens. */
export async function runServer(
  { store, journal, judge, hints, close }: ServerParts,
  options: ServerOptions,
  open: (app: FastifyInstance) => Promise<Entrance>,
): Promise<Pick<RunningServer, 'url' | 'close'>> {
  const { version, fillRandom, onProblem, ownNames, trustedProxies } = options;
  const { clock, keepsTime } = judge;
  const hub = await EventHub.open(store);
  const onStored = (events: readonly StoredEvent[] | null) => {
    if (events === null) hub.lookAgain();
    else hub.publish(events);
    hints?.sendEvents();
  };
  const recorder = new UsageRecorder({ store, journal, clock, keepsTime, onProblem, onStored });
  const onInternalError = (error: unknown, requestId: string) => onProblem(`request ${requestId} failed`, error);
  const app = createHttpApp({ ownNames, trustedProxies, fillRandom, onInternalError });
  if (options.onRequest !== undefined) watchRequests(app, options.onRequest);
  app.get('/healthz', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return healthJson(version, clock.now());
  });
  const unknownKeys = new UnknownKeys();
  const metrics = createMetrics([...serverGauges({ hub, recorder, unknownKeys }), ...judge.gauges]);
  const onRender = (line: RenderLine) => {
    metrics.observe(line);
    if (line.verdict === 'unknown' || line.verdict === 'malformed') unknownKeys.count(line.address);
    options.onRender?.(line);
  };
  addMetricsRoute(app, metrics, options.metricsToken);
  addReadiness(app, judge);
  // What was opened for the app would keep the process alive.
  const closeApp = async (error: unknown): Promise<never> => {
    await app.close();
    throw error;
  };
  const { identify, people } = await open(app).catch(closeApp);
  app.get('/openapi.json', async () => openApiDocument(version, people !== null));
  app.register(async (control) => {
    const gateways = judge.gateways(recorder, (profile) => hub.addProfile(profile));
    const cursors = createCursors(options.cursorKey);
    const ports = { store, hub, gateways, members: judge.members, cursors, clock: judge.changeClock, fillRandom };
    addControlApi(control, identify, controlAccess(ports, people));
  });
  app.register(async (renderer) => {
    const authenticate = createAuthenticate({
      view: judge.view,
      limits: judge.limits,
      clock,
      monotonicNow: () => performance.now(),
    });
    watchRenders(renderer, clock, onRender);
    guardRenderer(renderer, { authenticate, clock, recorder, limitScope: judge.limitScope });
    renderRoutes(renderer, judge.streams);
  });
  app.addHook('preClose', async () => hub.close(stopping()));
  const url = await listen(app, options).catch(closeApp);
  const stopLooking = hints === null ? () => {} : lookAtEventsOfOthers(hints, hub);
  const stopPersisting = keepsTime ? persistTimeRegularly(store, clock, onProblem) : () => {};
  const stopTidying = tidyRegularly(store, clock, options, onProblem);
  const stopTelling = tellUnknownKeys(unknownKeys, options.onUnknownKeys);
  const heads = tellAuditHeads(store, options);
  const end = async () => {
    stopPersisting();
    heads.stop();
    stopLooking();
    await Promise.all([endRequests(app), stopTidying()]);
    stopTelling();
    try {
      await judge.stop();
      await recorder.close();
      if (keepsTime) await store.persistTime(clock.now());
      await heads.tell();
    } finally {
      await close();
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

function addReadiness(app: FastifyInstance, judge: Judge): void {
  app.get('/readyz', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    if (judge.isReady()) return { status: 'ready' };
    throw new OutkitError('unavailable', 'Keys cannot be judged now', 'try again');
  });
}

/** What a live log ends with, so that its reader comes back. */
function stopping(): OutkitError {
  return new OutkitError('unavailable', 'The server stops', 'try again');
}

import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { healthJson } from '../api/health.ts';
import type { ChainHead } from '../core/audit.ts';
import { type Clock, MINUTE_MS } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { Profile } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';
import { createAuthenticate } from '../gateway/authenticate.ts';
import { EmbeddedKeyView } from '../gateway/key-view.ts';
import { type RenderUse, UsageRecorder } from '../gateway/usage-recorder.ts';
import { auditServices } from '../services/audit-services.ts';
import { createCursors } from '../services/cursor.ts';
import type { Caller } from '../services/key-service-ports.ts';
import { keyServices } from '../services/key-services.ts';
import { profileServices } from '../services/profile-services.ts';
import { openStore } from '../storage/open-store.ts';
import { tellAuditHeads } from './audit-heads.ts';
import { auditRoutes } from './control/audit.ts';
import { callerOf, type LocalCredential } from './control/authorize.ts';
import { addControlRoutes } from './control/control-route.ts';
import { keyRoutes } from './control/keys.ts';
import { profileRoutes } from './control/profiles.ts';
import { embeddedGateways } from './embedded-gateways.ts';
import { createHttpApp } from './http-app.ts';
import { ensureLocalTeam } from './local-team.ts';
import { guardRenderer, type RenderLine } from './render-gate.ts';
import { renderRoutes } from './render-routes.ts';
import { createSteadyClock, type SteadyClockSources } from './steady-clock.ts';

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
  readonly onRender: (line: RenderLine) => void;
  /** Called once an hour and at the stop, if it moved: whoever keeps the heads finds out about a log that was cut or rewritten. */
  readonly onAuditHead: (head: ChainHead) => void;
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

const TIME_INTERVAL_MS = MINUTE_MS;
const TOLERATED_LEAD_MS = MINUTE_MS;
/** Requests that still run after this long are cut, so that a stop takes less than 10 s. */
const FINISH_WITHIN_MS = 7_000;

/** Starts the control API and the renderer on the embedded database of a data directory. Resolves when it serves. */
export async function startLocalServer(options: LocalServerOptions): Promise<RunningServer> {
  const store = await openStore(options.dataDirectory, options.onFailed);
  try {
    return await serve(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(store: KeyStore, options: LocalServerOptions): Promise<RunningServer> {
  const { fillRandom, time, onProblem } = options;
  const greatestTime = await store.greatestTime();
  const clock = createSteadyClock(time, greatestTime);
  if (greatestTime > time.wallNow() + TOLERATED_LEAD_MS) onProblem(clockLead(greatestTime, time.wallNow()), null);
  const { team, profile, isNewProfile } = await ensureLocalTeam(store, clock, fillRandom, options.profileId);
  const token = await options.token();
  const view = await EmbeddedKeyView.load(store);
  const recorder = new UsageRecorder(store, clock, (error) => onProblem('usage could not be written', error));

  const ownNames = [options.host.toLowerCase()];
  const onInternalError = (error: unknown, requestId: string) => onProblem(`request ${requestId} failed`, error);
  const app = createHttpApp({ ownNames, trustedProxies: [], fillRandom, onInternalError });
  app.get('/healthz', async (_, reply) => {
    reply.header('cache-control', 'no-store');
    return healthJson(options.version, clock.now());
  });
  app.get('/readyz', async () => ({ status: 'ready' }));
  app.register(async (control) => {
    const gateways = embeddedGateways(view, recorder, clock);
    const cursors = createCursors(fillRandom(new Uint8Array(32)));
    const ports = { store, gateways, cursors, clock, fillRandom };
    const callerFor = guardControl(control, token, { teamId: team.id, name: 'local' });
    addControlRoutes(control, [...profileRoutes, ...keyRoutes, ...auditRoutes], (request) => {
      const caller = callerFor(request);
      return {
        keys: keyServices(ports, caller),
        profiles: profileServices(ports, caller),
        audit: auditServices(ports, caller),
      };
    });
  });
  app.register(async (renderer) => {
    const authenticate = createAuthenticate(view, clock);
    const record = (use: RenderUse) => recorder.record(use);
    guardRenderer(renderer, { authenticate, clock, record, onRender: options.onRender });
    renderRoutes(renderer);
  });

  const url = await listen(app, options);
  const stopPersisting = persistTimeRegularly(store, clock, onProblem);
  const heads = tellAuditHeads(store, options);
  let closing: Promise<void> | undefined;
  const close = async () => {
    stopPersisting();
    heads.stop();
    const cut = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN_MS);
    await app.close();
    clearTimeout(cut);
    // Requests that were cut are counted in the turn after their connections ended.
    await setImmediate();
    try {
      await recorder.close();
      await store.persistTime(clock.now());
      await heads.tell();
    } finally {
      await store.close();
    }
  };
  return {
    url,
    profile,
    isNewProfile,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Every route of `control` needs the credential, judged before the body is read. */
function guardControl(
  control: FastifyInstance,
  token: string,
  caller: LocalCredential['caller'],
): (request: FastifyRequest) => Caller {
  const callers = new WeakMap<FastifyRequest, Caller>();
  control.addHook('onRequest', async (request, reply) => {
    callers.set(request, callerOf(request, reply, { token, caller }));
  });
  control.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  return (request) => {
    const found = callers.get(request);
    if (found === undefined) throw new Error('a control route ran without a caller');
    return found;
  };
}

async function listen(app: FastifyInstance, { host, port }: LocalServerOptions): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'EADDRINUSE' ? `Port ${port} of ${host} is in use` : `Cannot listen on ${host} port ${port} (${code})`;
    throw new OutkitError('address_in_use', what, null, { cause: error });
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}

/** Time does not run backwards, so a clock that was wrong once stays in force until it was right. */
function clockLead(greatestTime: number, wallNow: number): string {
  const [used, now] = [greatestTime, wallNow].map((time) => new Date(time).toISOString());
  return `the clock shows ${now}, but this database was used at ${used} before: its time goes on from there (docs/security.md)`;
}

/** What the clock showed while nothing was written must not come again either. */
function persistTimeRegularly(store: KeyStore, clock: Clock, onProblem: LocalServerOptions['onProblem']): () => void {
  const persist = () => store.persistTime(clock.now()).catch((error) => onProblem('time could not be written', error));
  const timer = setInterval(persist, TIME_INTERVAL_MS);
  return () => clearInterval(timer);
}

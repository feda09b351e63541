// The renderer with some of what stands before it left out. Only here: no configuration of the product can do that.
import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthenticate } from '../../src/gateway/authenticate.ts';
import { EmbeddedKeyView } from '../../src/gateway/embedded-key-view.ts';
import { OpenStreams } from '../../src/gateway/open-streams.ts';
import { localLimits } from '../../src/gateway/rate-limit.ts';
import { UsageRecorder } from '../../src/gateway/usage-recorder.ts';
import type { AnswerRecorder } from '../../src/server/answer-recording.ts';
import { createHttpApp } from '../../src/server/http-app.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { guardRenderer } from '../../src/server/render-gate.ts';
import { renderRoutes } from '../../src/server/render-routes.ts';
import { watchRenders } from '../../src/server/render-watch.ts';
import { watchRequests } from '../../src/server/request-log.ts';
import { openServerLog } from '../../src/server/server-log.ts';
import { openUsageJournal } from '../../src/storage/journal/open-journal.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { aKey, aProfile, aSecret } from '../../test/key-builder.ts';

/** `open`: whoever comes is served. `judged`: keys are judged, nothing is recorded. `recorded`: as in the product. */
export type Wiring = 'open' | 'judged' | 'recorded';

/** `served`: with the log of requests and the metrics of `outkit serve`, whoever is judged or not. `bare`: without. */
export type Dress = 'served' | 'bare';

const [hash, wiring, dress] = process.argv.slice(2) as [string, Wiring, Dress];
const AUTHOR = { actor: 'bench', session: null, client: null, ip: null, at: Date.now() };
const NO_RECORDER: AnswerRecorder = { record: (_answer, recorded) => recorded(null), finished: () => {} };
const clock = { now: () => Date.now() };
const onProblem = (what: string, error: unknown) => console.error(what, error);
const fillRandom = (bytes: Uint8Array) => crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
const directory = mkdtempSync(join(tmpdir(), 'outkit-bench-'));
const store = await openStore(directory);
const profile = aProfile();
const key = aKey({ profileId: profile.id, rateLimitPerMinute: 1_000_000_000, secrets: [aSecret({ hash })] });
await store.insertTeam({ id: profile.teamId, name: 'Bench', createdAt: clock.now() });
await store.insertProfile(profile, AUTHOR);
await store.insertKey(key, AUTHOR);
const view = await EmbeddedKeyView.load(store);

const nowhere = openSync('/dev/null', 'w');
const log = openServerLog({ level: 'info', clock, write: (line) => writeSync(nowhere, line) });
const metrics = createMetrics([]);

const app = createHttpApp({
  ownNames: [],
  trustedProxies: [],
  fillRandom,
  onInternalError: (error) => onProblem('a request failed', error),
});
if (dress === 'served') watchRequests(app, (line) => log.request(line));
app.register(async (renderer) => {
  if (dress === 'served') watchRenders(renderer, clock, (line) => metrics.observe(line));
  if (wiring !== 'open') {
    const authenticate = createAuthenticate({
      view,
      limits: localLimits,
      clock,
      monotonicNow: () => performance.now(),
    });
    const recorder = wiring === 'recorded' ? await realRecorder() : NO_RECORDER;
    guardRenderer(renderer, { authenticate, clock, recorder, limitScope: 'shared' });
  }
  renderRoutes(renderer, new OpenStreams(view, clock));
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.((app.server.address() as AddressInfo).port);
process.on('disconnect', () => process.exit());
process.on('exit', () => rmSync(directory, { recursive: true }));

async function realRecorder(): Promise<UsageRecorder> {
  const epoch = Buffer.from(fillRandom(new Uint8Array(16))).toString('hex');
  const journal = await openUsageJournal(store, { directory, epoch, sync: 'second', onProblem });
  return new UsageRecorder({ store, journal, clock, keepsTime: true, onProblem, onStored: () => {} });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayStore } from '../core/gateway-store.ts';
import type { Hints } from '../core/hints.ts';
import type { Profile } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';
import { AppliedHints } from '../gateway/applied-hints.ts';
import { waitForGateways } from '../gateway/barrier.ts';
import { BarrierLog } from '../gateway/barrier-log.ts';
import { DatabaseClock } from '../gateway/database-clock.ts';
import { gatewayService } from '../gateway/gateway-service.ts';
import { GatewaySync } from '../gateway/gateway-sync.ts';
import { Lease, type LeaseClocks } from '../gateway/lease.ts';
import { LeasedKeyView } from '../gateway/leased-key-view.ts';
import { OpenStreams } from '../gateway/open-streams.ts';
import { requireAlone } from './alone.ts';
import { type GatewayLimits, type GatewayLimitsOptions, openGatewayLimits } from './gateway-limits.ts';
import type { Judge } from './judge.ts';

export interface LeasedJudgeOptions {
  readonly store: GatewayStore;
  readonly hints: Hints;
  readonly clocks: LeaseClocks;
  /** Name of this gateway for people, and its version. */
  readonly identity: { readonly label: string; readonly version: string };
  readonly limits: Pick<GatewayLimitsOptions, 'redisUrl' | 'scope'>;
  readonly fillRandom: FillRandom;
  readonly onProblem: (what: string, error: unknown) => void;
  readonly onNotice: (what: string) => void;
}

/** One gateway of several on one database. Resolves when it has its first lease. */
export async function leasedJudge(options: LeasedJudgeOptions): Promise<Judge> {
  const { store, hints, clocks, identity, fillRandom, onProblem, onNotice } = options;
  const { monotonicNow } = clocks;
  const lease = new Lease(clocks);
  const databaseClock = new DatabaseClock(monotonicNow);
  const profileListeners = new Set<(profile: Profile) => void>();
  const view = new LeasedKeyView({
    store,
    lease,
    monotonicNow,
    databaseClock,
    isAway: () => sync.isFailing,
  });
  const streams = new OpenStreams(view, databaseClock);
  const sync: GatewaySync = new GatewaySync({
    store,
    view,
    lease,
    databaseClock,
    identity,
    fillRandom,
    onProblem,
    onApplied: (answer) => {
      streams.review();
      for (const profile of answer?.profiles ?? []) for (const listener of profileListeners) listener(profile);
    },
  });
  const applied = new AppliedHints();
  hints.on('changes', () => sync.hint());
  hints.on('applied', () => applied.hear());
  await sync.start();
  let gatewayLimits: GatewayLimits;
  try {
    const { redisUrl, scope } = options.limits;
    if (redisUrl === null && scope === 'shared') await requireAlone(store, sync.epoch);
    const windowOf = (keyId: string) => view.windowOf(keyId);
    gatewayLimits = await openGatewayLimits({ redisUrl, scope, windowOf, onProblem, onNotice });
  } catch (error) {
    await sync.stop();
    throw error;
  }
  const { limits, scope: limitScope, headroomOf } = gatewayLimits;
  const changeClock = { now: () => databaseClock.reached() };
  const log = new BarrierLog({ store, now: changeClock.now, epoch: () => sync.epoch, label: identity.label });
  const barrier = () => {
    // With the commit came a hint, to this server as to all others.
    if (!hints.isListening) sync.hint();
    return log.of(waitForGateways({ store, applied, monotonicNow }));
  };
  return {
    view,
    limits,
    limitScope,
    streams,
    clock: databaseClock,
    changeClock,
    keepsTime: false,
    gateways(recorder, onProfile) {
      profileListeners.add(onProfile);
      return {
        putInForce: barrier,
        putProfileInForce: barrier,
        limitScope,
        headroomOf: (keyId, limit) => headroomOf(keyId, limit, databaseClock.now()),
        flushUsage: () => recorder.flush().catch(() => undefined),
      };
    },
    members: gatewayService({ store, monotonicNow, sleep, onNotice }),
    gauges: [
      ...gatewayLimits.gauges,
      {
        name: 'outkit_lease_seconds',
        help: 'For so long this gateway may still judge from memory; 0 when it has to ask the database.',
        value: () => lease.leftMs / 1000,
      },
      { name: 'outkit_known_secrets', help: 'Secrets in memory, unknown ones too.', value: () => view.size },
    ],
    isReady: () => lease.holds(),
    async stop() {
      log.stop();
      await sync.stop();
      await gatewayLimits.close();
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayStore } from '../core/gateway-store.ts';
import type { Hints } from '../core/hints.ts';
import type { Profile } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';
import { waitForGateways } from '../gateway/barrier.ts';
import { DatabaseClock } from '../gateway/database-clock.ts';
import { GatewaySync } from '../gateway/gateway-sync.ts';
import { Lease, type LeaseClocks } from '../gateway/lease.ts';
import { LeasedKeyView } from '../gateway/leased-key-view.ts';
import { localLimits } from '../gateway/rate-limit.ts';
import { requireAlone } from './alone.ts';
import type { Judge } from './judge.ts';

export interface LeasedJudgeOptions {
  readonly store: GatewayStore;
  readonly hints: Hints;
  readonly clocks: LeaseClocks;
  /** Name of this gateway for people, and its version. */
  readonly identity: { readonly label: string; readonly version: string };
  /** Whether it may count the requests of a key for itself beside other gateways that do so. */
  readonly mayCountAlone: boolean;
  readonly fillRandom: FillRandom;
  readonly onProblem: (what: string, error: unknown) => void;
}

/** One gateway of several on one database. Resolves when it has its first lease. */
export async function leasedJudge(options: LeasedJudgeOptions): Promise<Judge> {
  const { store, hints, clocks, identity, mayCountAlone, fillRandom, onProblem } = options;
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
  const sync: GatewaySync = new GatewaySync({
    store,
    view,
    lease,
    databaseClock,
    identity,
    fillRandom,
    onProblem,
    onApplied: ({ profiles }) => {
      for (const profile of profiles) for (const listener of profileListeners) listener(profile);
    },
  });
  hints.on('changes', () => sync.hint());
  await sync.start();
  try {
    if (!mayCountAlone) await requireAlone(store, sync.epoch);
  } catch (error) {
    await sync.stop();
    throw error;
  }
  const limits = localLimits((keyId) => view.windowOf(keyId));
  const sendHint = () => {
    hints.send('changes');
    sync.hint();
  };
  const barrier = () => waitForGateways({ store, sendHint, monotonicNow, sleep });
  return {
    view,
    limits,
    clock: databaseClock,
    keepsTime: false,
    gateways(recorder, onProfile) {
      profileListeners.add(onProfile);
      return {
        putInForce: barrier,
        putProfileInForce: barrier,
        headroomOf: async (keyId, limit) => limits.headroom(keyId, limit, databaseClock.now()),
        flushUsage: () => recorder.flush().catch(() => undefined),
      };
    },
    members: store,
    isReady: () => lease.holds(),
    stop: () => sync.stop(),
  };
}

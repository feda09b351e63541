import { performance } from 'node:perf_hooks';
import type { Clock } from '../core/clock.ts';
import type { Profile } from '../core/profile.ts';
import type { EmbeddedKeyView } from '../gateway/embedded-key-view.ts';
import { headroom } from '../gateway/rate-limit.ts';
import type { UsageRecorder } from '../gateway/usage-recorder.ts';
import type { Gateways } from '../services/key-service-ports.ts';

interface ChangeListeners {
  /** Hears of each profile that is new or changed. */
  readonly onProfile: (profile: Profile) => void;
  /** Called when the view has changed, before anybody is told so. */
  readonly onChanged: () => void;
}

/** The one gateway of an embedded server: a change is in force everywhere once its view has it. */
export function embeddedGateways(
  view: EmbeddedKeyView,
  recorder: Pick<UsageRecorder, 'flush'>,
  clock: Clock,
  { onProfile, onChanged }: ChangeListeners,
): Gateways {
  const measured = (apply: () => void) => {
    const startedAt = performance.now();
    apply();
    onChanged();
    return { confirmed: 1, waitedOut: 0, ms: Math.ceil(performance.now() - startedAt), unconfirmed: [] };
  };
  return {
    putInForce: async (key) => measured(() => view.apply(key)),
    putProfileInForce: async (profile) => {
      onProfile(profile);
      return measured(() => view.applyProfile(profile));
    },
    limitScope: 'shared',
    async headroomOf(keyId, limit) {
      return headroom(view.windowOf(keyId), limit, clock.now());
    },
    // The recorder keeps and reports what it could not write: a full disk must not keep anybody from reading.
    flushUsage: () => recorder.flush().catch(() => undefined),
  };
}

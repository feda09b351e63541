import type { Clock } from '../core/clock.ts';
import type { GatewayService } from '../core/gateway-service.ts';
import type { LimitScope } from '../core/key-service.ts';
import type { Profile } from '../core/profile.ts';
import type { KeyView } from '../gateway/key-view.ts';
import type { OpenStreams } from '../gateway/open-streams.ts';
import type { RateLimits } from '../gateway/rate-limit.ts';
import type { UsageRecorder } from '../gateway/usage-recorder.ts';
import type { Gateways } from '../services/key-service-ports.ts';
import type { Gauge } from './metrics.ts';

/** How a server judges requests, and how a change comes into force where they are judged. */
export interface Judge {
  readonly view: KeyView;
  readonly limits: RateLimits;
  readonly limitScope: LimitScope;
  /** Answers that end when their key does. */
  readonly streams: OpenStreams;
  /** Time by which keys and secrets end. */
  readonly clock: Clock;
  /** Time at which changes are made: no gateway judges by an earlier one. */
  readonly changeClock: Clock;
  /** Whether the store has to know the time, so that it does not run back. */
  readonly keepsTime: boolean;
  /** The gateways as the services see them. `onProfile` hears of each profile that is new or changed. */
  gateways(recorder: Pick<UsageRecorder, 'flush'>, onProfile: (profile: Profile) => void): Gateways;
  /** All gateways that there are, this one among them. */
  readonly members: GatewayService;
  /** Beside those that every server has. */
  readonly gauges: readonly Gauge[];
  /** Whether requests can be judged now. */
  isReady(): boolean;
  /** MUST be called when nothing is admitted any more. */
  stop(): Promise<void>;
}

import type { Clock } from '../core/clock.ts';
import { newGatewayId } from '../core/gateway-service.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { FillRandom } from '../core/secret.ts';
import { embeddedGatewayService } from '../gateway/embedded-gateway-service.ts';
import { EmbeddedKeyView } from '../gateway/embedded-key-view.ts';
import { OpenStreams } from '../gateway/open-streams.ts';
import { localLimits } from '../gateway/rate-limit.ts';
import { embeddedGateways } from './embedded-gateways.ts';
import type { Judge } from './judge.ts';

export interface EmbeddedJudgeOptions {
  readonly store: KeyStore;
  readonly clock: Clock;
  /** Name of this gateway for people, and its version. */
  readonly identity: { readonly label: string; readonly version: string };
  readonly fillRandom: FillRandom;
}

/** The one gateway of a database that belongs to this process: it knows all keys, and a change is in force as soon as it is told. */
export async function embeddedJudge({ store, clock, identity, fillRandom }: EmbeddedJudgeOptions): Promise<Judge> {
  const view = await EmbeddedKeyView.load(store);
  const streams = new OpenStreams(view, clock);
  const { label: name, version } = identity;
  return {
    view,
    streams,
    limits: localLimits,
    limitScope: 'shared',
    clock,
    changeClock: clock,
    keepsTime: true,
    gateways: (recorder, onProfile) =>
      embeddedGateways(view, recorder, clock, { onProfile, onChanged: () => streams.review() }),
    members: embeddedGatewayService({ id: newGatewayId(fillRandom), name, version }, clock),
    gauges: [],
    isReady: () => true,
    stop: async () => {},
  };
}

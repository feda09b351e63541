import type { Clock } from '../core/clock.ts';
import type { KeyStore } from '../core/key-store.ts';
import { EmbeddedKeyView } from '../gateway/embedded-key-view.ts';
import { OpenStreams } from '../gateway/open-streams.ts';
import { localLimits } from '../gateway/rate-limit.ts';
import { embeddedGateways } from './embedded-gateways.ts';
import type { Judge } from './judge.ts';

/** The one gateway of a database that belongs to this process: it knows all keys, and a change is in force as soon as it is told. */
export async function embeddedJudge(store: KeyStore, clock: Clock): Promise<Judge> {
  const view = await EmbeddedKeyView.load(store);
  const streams = new OpenStreams(view, clock);
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
    members: null,
    gauges: [],
    isReady: () => true,
    stop: async () => {},
  };
}

import type { UnknownKeys } from '../gateway/unknown-keys.ts';
import type { UsageRecorder } from '../gateway/usage-recorder.ts';
import type { EventHub } from './events/event-hub.ts';
import type { Gauge } from './metrics.ts';

interface GaugeSources {
  readonly hub: Pick<EventHub, 'tails' | 'gaps'>;
  readonly recorder: Pick<UsageRecorder, 'openAnswers' | 'waitingEvents'>;
  readonly unknownKeys: Pick<UnknownKeys, 'networks'>;
}

/** What every server tells of itself. */
export function serverGauges({ hub, recorder, unknownKeys }: GaugeSources): readonly Gauge[] {
  return [
    { name: 'outkit_tails', help: 'Tails of render events that are open.', value: () => hub.tails },
    {
      name: 'outkit_open_answers',
      help: 'Answers that were begun and are not yet over.',
      value: () => recorder.openAnswers,
    },
    {
      name: 'outkit_events_waiting',
      help: 'Events that happened and are not stored yet.',
      value: () => recorder.waitingEvents,
    },
    {
      name: 'outkit_tail_gaps',
      help: 'Gaps in tails since the start: events that were removed before a reader got them.',
      value: () => hub.gaps,
    },
    {
      name: 'outkit_unknown_key_networks',
      help: 'Addresses, of IPv6 networks, that sent unknown or malformed keys in the last 10 minutes.',
      value: () => unknownKeys.networks,
    },
  ];
}

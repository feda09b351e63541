import type { Clock } from '../src/core/clock.ts';
import { type Admission, createAuthenticate } from '../src/gateway/authenticate.ts';
import type { PresentedKey } from '../src/gateway/credential.ts';
import type { EmbeddedKeyView } from '../src/gateway/embedded-key-view.ts';
import { localLimits } from '../src/gateway/rate-limit.ts';

/** As a gateway judges that knows all keys and counts for itself: every verdict at once. */
export function localAuthenticate(view: Pick<EmbeddedKeyView, 'find'>, clock: Clock) {
  const read = () => Promise.reject(new Error('asked for what memory has'));
  const find = view.find.bind(view);
  const authenticate = createAuthenticate({
    view: { find, read },
    limits: localLimits,
    clock,
    monotonicNow: () => 0,
  });
  return (presented: Exclude<PresentedKey, { kind: 'ambiguous' }>): Admission => {
    const admission = authenticate(presented, '127.0.0.1');
    if (admission instanceof Promise) throw new Error('judged later');
    return admission;
  };
}

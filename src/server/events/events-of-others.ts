import type { Hints } from '../../core/hints.ts';
import type { EventHub } from './event-hub.ts';

/** Hints come with each batch of each server: so many are enough for somebody who looks. */
const SPACING_MS = 200;
/** Hints can be lost. */
const INTERVAL_MS = 2_000;

/** Lets tails see what other servers stored, soon after a hint, and without one. The function that it returns stops that. */
export function lookAtEventsOfOthers(hints: Hints, hub: Pick<EventHub, 'tails' | 'lookAgain'>): () => void {
  let soon: NodeJS.Timeout | undefined;
  const look = () => {
    soon = undefined;
    if (hub.tails > 0) hub.lookAgain();
  };
  hints.on('events', () => {
    soon ??= setTimeout(look, SPACING_MS);
  });
  const timer = setInterval(look, INTERVAL_MS);
  return () => {
    clearInterval(timer);
    clearTimeout(soon);
  };
}

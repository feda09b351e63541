import type { Value } from './configuration.ts';
import {
  BARRIER,
  type Barrier,
  CREATE,
  type Gateway,
  NEVER,
  REVOKE,
  REVOKE_AGAIN,
  type Read,
  type State,
} from './state.ts';

/** What must hold in every step; the place in this list is the number of a violation. */
export const PROPERTIES = [
  'none',
  'no request that arrives after the revoke returned is admitted',
  'no request that arrives at a gateway after it has refused the secret as revoked or ended is admitted there',
  'no request that arrives after the create returned is told "unknown"',
  'no refusal "revoked" comes before the commit of the revoke',
  'a command returns: at once where nothing fails, and at the latest when the wait is over',
  'nothing is written to a stream after the revoke returned',
  'no request that waits at a gateway while it refuses another as revoked or ended is admitted there afterwards',
  'no request that arrives after the secret has ended by itself is admitted',
] as const;

export const VIOLATION = {
  none: 0,
  admitted: 1,
  admittedAfterRefusal: 2,
  unknown: 3,
  early: 4,
  late: 5,
  written: 6,
  overtaken: 7,
  ended: 8,
} as const;

const RETURNED = { create: 1, revoke: 2 } as const;
const REFUSED_HERE = 4;
const ENDED = 8;

/**
 * What a request that arrives now at a gateway may rely on, as bits: which commands have returned, whether it has refused, and
 * whether the secret has ended.
 */
export function reliance(state: State, { refused }: Gateway): number {
  return returned(state) + (refused === 1 ? REFUSED_HERE : 0) + (state.endsInTicks <= 0 ? ENDED : 0);
}

function returned({ barriers }: State): number {
  const isReturned = (index: number) => (barriers[index] as Barrier).phase === BARRIER.returned;
  return (
    (isReturned(CREATE) ? RETURNED.create : 0) + (isReturned(REVOKE) || isReturned(REVOKE_AGAIN) ? RETURNED.revoke : 0)
  );
}

/** By the clock of the gateway. */
export function hasEndedAt({ shownTicks }: Gateway, { endsInTicks }: State): boolean {
  return endsInTicks !== NEVER && shownTicks >= endsInTicks;
}

/** By the clock of the database, when the last request arrived that an answer is for: an answer brings the time of its snapshot. */
export function hadEnded({ asked }: Read): boolean {
  return (asked & ENDED) !== 0;
}

/** A request that could rely on `arrivedAfter` gets its verdict. */
export function giveVerdict(
  state: State,
  gateway: Gateway,
  value: Value,
  arrivedAfter: number,
  hasEnded: boolean,
): void {
  if (value === 'revoked') {
    gateway.refused = 1;
    if ((state.barriers[REVOKE] as Barrier).phase === BARRIER.idle) state.violation = VIOLATION.early;
  } else if (value === 'unknown') {
    if ((arrivedAfter & RETURNED.create) !== 0) state.violation = VIOLATION.unknown;
  } else if (hasEnded) gateway.refused = 1;
  else if ((arrivedAfter & ENDED) !== 0) state.violation = VIOLATION.ended;
  else if ((arrivedAfter & RETURNED.revoke) !== 0) state.violation = VIOLATION.admitted;
  else if ((arrivedAfter & REFUSED_HERE) !== 0) state.violation = VIOLATION.admittedAfterRefusal;
  else if (gateway.refused === 1) state.violation = VIOLATION.overtaken;
}

/** Something is written to the open stream of a gateway. */
export function write(state: State): void {
  if ((returned(state) & RETURNED.revoke) !== 0) state.violation = VIOLATION.written;
}

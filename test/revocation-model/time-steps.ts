import { VIOLATION } from './properties.ts';
import { BARRIER, type Barrier, type Gateway, NEVER, PROCESS, ROW, type State, SYNC, WAIT_TICKS } from './state.ts';
import { GATEWAY_NAMES, type Model, type Step } from './step.ts';

/** What the monotonic clock of a gateway does while a tick passes. */
type Pace = 'runs' | 'slewed' | 'stands still';

/** A tick passes: one step for each combination of what the clocks may do. */
export function timeSteps(model: Model): Step[] {
  const { configuration } = model;
  const paces: Pace[] = ['runs'];
  if (configuration.slewing === true) paces.push('slewed');
  if (configuration.suspends === true) paces.push('stands still');
  let combinations: Pace[][] = [[]];
  for (const _ of configuration.gateways) {
    combinations = combinations.flatMap((some) => paces.map((pace) => [...some, pace]));
  }
  return combinations.map((combination) => ({
    text: `a tick passes${combination.map(wordsOf).join('')}`,
    can: (state) =>
      mayPass(model, state) &&
      combination.every((pace, index) => canPace(state, state.gateways[index] as Gateway, pace)),
    go: (state) => {
      combination.forEach((pace, index) => {
        tickGateway(model, state, state.gateways[index] as Gateway, pace);
      });
      tickStore(model, state);
    },
  }));
}

function wordsOf(pace: Pace, index: number): string {
  if (pace === 'runs') return '';
  return pace === 'slewed'
    ? `; the clock of ${GATEWAY_NAMES[index]} is slewed`
    : `; ${GATEWAY_NAMES[index]} is suspended`;
}

/**
 * Nothing new comes long after the end. Members are read soon after the commit. Prompt gateways have synced in each tick, and
 * recorded what they applied.
 */
function mayPass({ configuration, rules }: Model, { barriers, gateways, endsInTicks }: State): boolean {
  if (endsInTicks === -WAIT_TICKS) return false;
  if (barriers.some(isReadingLate)) return false;
  if (configuration.prompt !== true) return true;
  return gateways.every(({ process, synced, sync, position, row }) => {
    if (process === PROCESS.off) return true;
    const isRecorded = row.recorded === position || !rules.recordsAtOnce;
    return sync.phase === SYNC.none && synced === 1 && isRecorded;
  });
}

function isReadingLate({ phase, sinceCommitTicks }: Barrier): boolean {
  return phase === BARRIER.committed && sinceCommitTicks >= WAIT_TICKS - 1;
}

/**
 * The slewing bound: a clock loses at most one tick of the five after any stamp that still counts. Where nothing counts it makes no
 * difference what a clock does.
 */
function canPace({ endsInTicks }: State, { leaseTicks, leaseSlewed, sync }: Gateway, pace: Pace): boolean {
  const counts = leaseTicks > 0 || sync.leftTicks > 0;
  if (pace === 'slewed') return counts && leaseSlewed === 0 && sync.slewed === 0;
  return pace === 'runs' || counts || endsInTicks !== NEVER;
}

function tickGateway({ rules }: Model, state: State, gateway: Gateway, pace: Pace): void {
  const { sync } = gateway;
  gateway.synced = 0;
  if (pace === 'slewed') {
    gateway.leaseSlewed = gateway.leaseTicks > 0 ? 1 : 0;
    sync.slewed = sync.leftTicks > 0 ? 1 : 0;
    return;
  }
  if (pace === 'runs') {
    if (gateway.leaseTicks > 0) gateway.leaseTicks--;
    if (sync.leftTicks > 0) sync.leftTicks--;
    if (gateway.givenUp.leftTicks > 0) gateway.givenUp.leftTicks--;
  } else if (rules.comparesWallClock) {
    // The next check sees that the wall clock has run ahead; here it has seen it already, since every use of the lease is a check.
    gateway.leaseTicks = 0;
    if (rules.comparesSinceStamp) sync.leftTicks = 0;
  }
  if (state.endsInTicks !== NEVER) tickTime(gateway, pace);
  if (gateway.leaseTicks === 0) gateway.leaseSlewed = 0;
  if (sync.leftTicks === 0) sync.slewed = 0;
}

/** A clock that runs keeps what it is ahead; the time that is shown waits for it. One that stands still falls behind. */
function tickTime(gateway: Gateway, pace: Pace): void {
  const { sync } = gateway;
  if (pace === 'runs') {
    gateway.shownTicks = Math.max(gateway.shownTicks - 1, gateway.aheadTicks);
    if (sync.phase === SYNC.sent) sync.aheadTicks++;
    return;
  }
  gateway.aheadTicks--;
  gateway.shownTicks--;
  if (sync.phase === SYNC.answered) sync.aheadTicks--;
}

function tickStore(model: Model, state: State): void {
  const { configuration } = model;
  for (const { row } of state.gateways) {
    if (row.state === ROW.retired) row.retiredTicks = capped(row.retiredTicks + 1);
    if (row.state === ROW.live && configuration.silence === true) row.silentTicks = capped(row.silentTicks + 1);
  }
  if (state.endsInTicks !== NEVER) state.endsInTicks--;
  if (state.begun === 1) state.begunTicks = capped(state.begunTicks + 1);
  for (const barrier of state.barriers) {
    if (barrier.phase === BARRIER.idle || barrier.phase === BARRIER.returned) continue;
    barrier.sinceCommitTicks = capped(barrier.sinceCommitTicks + 1);
  }
  if (configuration.prompt === true && state.barriers.some((barrier) => isLate(state, barrier))) {
    state.violation = VIOLATION.late;
  }
}

/** Prompt gateways confirm before a second tick has passed, unless one of them has crashed. */
function isLate({ gateways }: State, { phase, sinceCommitTicks }: Barrier): boolean {
  return (
    phase === BARRIER.waiting && sinceCommitTicks >= 2 && gateways.every(({ process }) => process === PROCESS.running)
  );
}

function capped(ticks: number): number {
  return Math.min(ticks, WAIT_TICKS);
}

import { type Configuration, isTouched, type Value, valueAt } from './configuration.ts';
import { type Gateway, PROCESS, type Read } from './state.ts';
import type { Model } from './step.ts';

/** Only the process decides by this: it knows nothing of the store but what it was told. */
export function holdsLease({ leaseTicks }: Gateway): boolean {
  return leaseTicks > 0;
}

export function mayJudgeFromMemory({ rules }: Model, gateway: Gateway): boolean {
  if (gateway.held === 0 || gateway.process === PROCESS.off) return false;
  if (!rules.readsClockAfterArrival && gateway.oldClock === 1) return true;
  return holdsLease(gateway) || !rules.judgesUnderLeaseOnly;
}

/** What memory says of the secret; ask only where it is held. */
export function heldValue(configuration: Configuration, { rows }: Gateway): Value {
  return valueAt(configuration, rows);
}

/** Is an answer new enough to be kept, and to be used at all? */
export function isNewEnough({ rules, configuration }: Model, gateway: Gateway, { rows, seq }: Read): boolean {
  const isUnknown = valueAt(configuration, rows) === 'unknown';
  const needsPosition = isUnknown ? rules.installsNoUnknownBelowPosition : rules.installsNothingBelowPosition;
  if (needsPosition && seq < gateway.position) return false;
  if (rules.readNeverOverNewer && gateway.held === 1 && seq < gateway.seq) return false;
  return seq >= gateway.floor;
}

export function install(gateway: Gateway, rows: number, seq: number): void {
  gateway.held = 1;
  gateway.rows = rows;
  gateway.seq = seq;
}

/** Takes the entry out of memory. */
export function forget(gateway: Gateway, raisesFloor: boolean): void {
  if (raisesFloor && gateway.held === 1 && gateway.seq > gateway.floor) gateway.floor = gateway.seq;
  gateway.held = 0;
  gateway.rows = 0;
  gateway.seq = 0;
}

/** All memory, and with it what the streams rely on. */
export function dropMemory({ rules }: Model, gateway: Gateway): void {
  forget(gateway, rules.dropRaisesFloor);
  if (rules.dropEndsStreams) gateway.stream = 0;
}

/** Takes over the changes of a page, with the rows as its snapshot shows them. */
export function applyPage({ configuration, rules }: Model, gateway: Gateway): void {
  const { sync, position } = gateway;
  if (!isTouched(configuration, position, Math.min(sync.upTo, sync.rows))) return;
  if (rules.changeEndsStream && valueAt(configuration, sync.rows) === 'revoked') gateway.stream = 0;
  if (gateway.held === 0) return;
  if (heldValue(configuration, gateway) === 'unknown') {
    if (rules.changeRemovesUnknown) forget(gateway, true);
  } else if (sync.seq >= gateway.seq || !rules.syncNeverOverNewer) install(gateway, sync.rows, sync.seq);
}

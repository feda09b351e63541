import { rowOf } from './membership-steps.ts';
import { type Gateway, LEASE_TICKS, NEVER, newSync, PROCESS, ROW, type State, SYNC } from './state.ts';
import type { Model } from './step.ts';
import { applyPage, dropMemory } from './view.ts';

/** In one transaction: records the position, and fetches what has changed since. */
export function takeSnapshot(model: Model, state: State, gateway: Gateway, lag: number): void {
  const { sync, position } = gateway;
  const row = rowOf(model, state, gateway);
  sync.phase = SYNC.answered;
  sync.registered = row.state === ROW.live ? 1 : 0;
  sync.seq = state.seq - lag;
  sync.rows = state.rows - lag;
  sync.gap = position < state.pruned ? state.pruned : 0;
  const before = Math.max(position, sync.gap);
  sync.upTo = model.configuration.pages === true ? Math.min(before + 1, sync.seq) : sync.seq;
  const recorded = model.rules.appliesBeforeRecord ? position : sync.seq;
  if (sync.registered === 0) return;
  row.recorded = Math.max(row.recorded, recorded);
  row.silentTicks = 0;
}

/** The answer is applied, and then the lease extended. */
export function land(model: Model, state: State, gateway: Gateway): void {
  const { sync } = gateway;
  const { rules } = model;
  if (sync.registered === 0 && rules.syncNeedsItsRow) {
    dropMemory(model, gateway);
    gateway.process = PROCESS.unregistered;
  } else {
    const isWhole = advance(model, gateway);
    if (isWhole || !rules.shortPageExtendsNothing) extendLease(model, gateway);
  }
  if (state.endsInTicks !== NEVER) setTime(model, gateway);
  Object.assign(sync, newSync());
  gateway.synced = model.configuration.prompt === true ? 1 : 0;
}

/** The time of a sync is that of its snapshot plus what the clock has counted since the stamp. */
function setTime({ rules }: Model, gateway: Gateway): void {
  gateway.aheadTicks = gateway.sync.aheadTicks;
  const isBack = gateway.aheadTicks < gateway.shownTicks;
  if (!isBack || !rules.timeNeverRunsBack) gateway.shownTicks = gateway.aheadTicks;
}

/** Returns whether the position has reached the snapshot. */
function advance(model: Model, gateway: Gateway): boolean {
  const { sync } = gateway;
  if (sync.gap > 0 && model.rules.gapDropsMemory) {
    dropMemory(model, gateway);
    gateway.position = sync.seq;
    return true;
  }
  gateway.position = Math.max(gateway.position, sync.gap);
  applyPage(model, gateway);
  gateway.position = sync.upTo;
  return gateway.position >= sync.seq;
}

export function extendLease({ rules }: Model, gateway: Gateway): void {
  const { sync } = gateway;
  const leftTicks = rules.stampsFirst ? sync.leftTicks : LEASE_TICKS;
  if (leftTicks === 0) return;
  gateway.leaseTicks = leftTicks;
  gateway.leaseSlewed = rules.stampsFirst ? sync.slewed : 0;
}

import { type Model, ofEachGateway, type Step } from './step.ts';
import { type Gateway, LEASE_TICKS, PROCESS, ROW, type State, SYNC } from './state.ts';
import { applyPage, dropMemory, install } from './view.ts';
import { rowOf } from './membership-steps.ts';

/** A sync: stamp, one transaction with its snapshot, apply, lease. One at a time in a gateway. */
export function syncSteps(model: Model): Step[] {
  const { rules, configuration } = model;
  const isInstant = configuration.instantSnapshots === true;
  const steps = [
    ...ofEachGateway(
      model,
      (name) => `${name} stamps its clock and sends a sync${isInstant ? ', which takes its snapshot' : ''}`,
      ({ process, sync }) => process === PROCESS.running && sync.phase === SYNC.none,
      (gateway, state) => {
        gateway.sync.phase = SYNC.sent;
        gateway.sync.leftTicks = LEASE_TICKS;
        if (isInstant) takeSnapshot(model, state, gateway, 0);
      },
    ),
    ...ofEachGateway(
      model,
      (name) => `the sync of ${name} records its position and takes its snapshot`,
      ({ sync }) => sync.phase === SYNC.sent,
      (gateway, state) => takeSnapshot(model, state, gateway, 0),
    ),
    ...ofEachGateway(
      model,
      (name) => `the sync of ${name} reaches it and is applied`,
      ({ sync }) => sync.phase === SYNC.answered && (rules.appliesBeforeLease || sync.registered === 0),
      (gateway) => land(model, gateway),
    ),
  ];
  if (!rules.appliesBeforeLease) steps.push(...halves(model));
  if (!rules.syncsFromPrimaryOnly) steps.push(...staleSnapshots(model));
  if (!rules.hintsOnlyWake) steps.push(...believedHints(model));
  return steps;
}

function takeSnapshot(model: Model, state: State, gateway: Gateway, lag: number): void {
  const { sync, position } = gateway;
  const row = rowOf(model, state, gateway);
  sync.phase = SYNC.answered;
  sync.registered = row.state === ROW.live ? 1 : 0;
  sync.seq = state.seq - lag;
  sync.rows = state.rows - lag;
  sync.gap = position < state.pruned ? 1 : 0;
  const oldest = sync.gap === 1 ? state.pruned : position;
  sync.upTo = model.configuration.pages === true ? Math.min(oldest + 1, sync.seq) : sync.seq;
  const recorded = model.rules.appliesBeforeRecord ? position : sync.seq;
  if (sync.registered === 1 && recorded > row.recorded) row.recorded = recorded;
}

function land(model: Model, gateway: Gateway): void {
  const { sync } = gateway;
  const { rules } = model;
  if (sync.registered === 0 && rules.syncNeedsItsRow) {
    dropMemory(model, gateway);
    gateway.process = PROCESS.unregistered;
  } else {
    const isWhole = advance(model, gateway);
    if (isWhole || !rules.shortPageExtendsNothing) extendLease(model, gateway);
  }
  Object.assign(sync, { phase: SYNC.none, leftTicks: 0, slewed: 0, seq: 0, rows: 0, upTo: 0, gap: 0, registered: 0 });
  gateway.synced = model.configuration.prompt === true ? 1 : 0;
}

/** Returns whether the position has reached the snapshot. */
function advance(model: Model, gateway: Gateway): boolean {
  const { sync } = gateway;
  if (sync.gap === 1 && model.rules.gapDropsMemory) {
    dropMemory(model, gateway);
    gateway.position = sync.seq;
    return true;
  }
  if (sync.gap === 1) gateway.position = Math.max(gateway.position, sync.upTo - 1);
  applyPage(model, gateway);
  gateway.position = Math.max(gateway.position, sync.upTo);
  return gateway.position >= sync.seq;
}

function extendLease({ rules }: Model, gateway: Gateway): void {
  const { sync } = gateway;
  const leftTicks = rules.stampsFirst ? sync.leftTicks : LEASE_TICKS;
  if (leftTicks === 0) return;
  gateway.leaseTicks = leftTicks;
  gateway.leaseSlewed = rules.stampsFirst ? sync.slewed : 0;
}

/** Without the rule: the lease first, and the changes some time later. */
function halves(model: Model): Step[] {
  return [
    ...ofEachGateway(
      model,
      (name) => `the sync of ${name} reaches it: the lease is extended`,
      ({ sync }) => sync.phase === SYNC.answered && sync.registered === 1,
      (gateway) => {
        extendLease(model, gateway);
        gateway.sync.phase = SYNC.extended;
      },
    ),
    ...ofEachGateway(
      model,
      (name) => `${name} applies the changes`,
      ({ sync }) => sync.phase === SYNC.extended,
      (gateway) => land(model, gateway),
    ),
  ];
}

function staleSnapshots(model: Model): Step[] {
  return ofEachGateway(
    model,
    (name) => `the sync of ${name} takes its snapshot from a replica that lags by one change`,
    ({ sync, position }, state) => sync.phase === SYNC.sent && state.seq > position,
    (gateway, state) => takeSnapshot(model, state, gateway, 1),
  );
}

function believedHints(model: Model): Step[] {
  const revoked = model.configuration.changes.indexOf('revoke') + 1;
  return ofEachGateway(
    model,
    (name) => `a false hint tells ${name} that the key is revoked, and it believes it`,
    ({ held, rows }) => held === 1 && rows < revoked,
    (gateway) => install(gateway, revoked, gateway.seq),
  );
}

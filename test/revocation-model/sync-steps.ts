import { getsRequests } from './configuration.ts';
import { type Gateway, LEASE_TICKS, newSync, PROCESS, SYNC } from './state.ts';
import { type Model, ofEachGateway, ofServingGateways, type Step } from './step.ts';
import { extendLease, land, takeSnapshot } from './sync.ts';
import { install } from './view.ts';

/** A sync: stamp, one transaction with its snapshot, apply, lease. One at a time in a gateway. */
export function syncSteps(model: Model): Step[] {
  const { rules, configuration } = model;
  const steps = [...sendSteps(model), ...landSteps(model)];
  if (configuration.requestsAtFirstOnly === true) steps.push(...wholeSyncs(model));
  if (!rules.ignoresGivenUpSyncs) steps.push(...lateSyncs(model));
  if (!rules.appliesBeforeLease) steps.push(...halves(model));
  if (!rules.syncsFromPrimaryOnly) steps.push(...staleSnapshots(model));
  if (!rules.hintsOnlyWake) steps.push(...believedHints(model));
  return steps;
}

function sendSteps(model: Model): Step[] {
  const isInstant = model.configuration.instantSnapshots === true;
  const sends = ofServingGateways(
    model,
    (name) => `${name} stamps its clock and sends a sync${isInstant ? ', which takes its snapshot' : ''}`,
    canSync,
    (gateway, state) => {
      gateway.sync.phase = SYNC.sent;
      gateway.sync.leftTicks = LEASE_TICKS;
      if (isInstant) takeSnapshot(model, state, gateway, 0);
    },
  );
  const snapshots = ofServingGateways(
    model,
    (name) => `the sync of ${name} records its position and takes its snapshot`,
    ({ sync }) => sync.phase === SYNC.sent,
    (gateway, state) => takeSnapshot(model, state, gateway, 0),
  );
  return isInstant ? sends : [...sends, ...snapshots];
}

function canSync({ process, sync }: Gateway): boolean {
  return process === PROCESS.running && sync.phase === SYNC.none;
}

function landSteps(model: Model): Step[] {
  return [
    ...ofServingGateways(
      model,
      (name) => `the sync of ${name} reaches it and is applied`,
      ({ sync }) => sync.phase === SYNC.answered && (model.rules.appliesBeforeLease || sync.registered === 0),
      (gateway, state) => land(model, state, gateway),
    ),
    ...ofServingGateways(
      model,
      (name) => `the sync of ${name} fails, or its answer is lost`,
      ({ sync }) => sync.phase === SYNC.sent || sync.phase === SYNC.answered,
      ({ sync }) => Object.assign(sync, newSync()),
    ),
  ];
}

/** A gateway without requests matters by what it records only: no time passes in its sync, and it needs no lease. */
function wholeSyncs(model: Model): Step[] {
  return ofEachGateway(
    model,
    (name) => `${name} syncs`,
    canSync,
    (gateway, state) => {
      takeSnapshot(model, state, gateway, 0);
      land(model, state, gateway);
    },
  ).filter((_, index) => !getsRequests(model.configuration, index));
}

/** Without the rule: a sync that takes too long is given up, another one is sent, and the first answer is applied after all. */
function lateSyncs(model: Model): Step[] {
  return [
    ...ofServingGateways(
      model,
      (name) => `${name} gives its sync up, whose answer is on the way`,
      ({ sync, givenUp }) => sync.phase === SYNC.answered && givenUp.phase === SYNC.none,
      ({ sync, givenUp }) => {
        Object.assign(givenUp, sync);
        Object.assign(sync, newSync());
      },
    ),
    ...ofServingGateways(
      model,
      (name) => `the answer of the sync that was given up reaches ${name} and is applied`,
      ({ sync, givenUp }) => sync.phase === SYNC.none && givenUp.phase === SYNC.answered,
      (gateway, state) => {
        Object.assign(gateway.sync, gateway.givenUp);
        Object.assign(gateway.givenUp, newSync());
        land(model, state, gateway);
      },
    ),
  ];
}

/** Without the rule: the lease first, and the changes some time later. */
function halves(model: Model): Step[] {
  return [
    ...ofServingGateways(
      model,
      (name) => `the sync of ${name} reaches it: the lease is extended`,
      ({ sync }) => sync.phase === SYNC.answered && sync.registered === 1,
      (gateway) => {
        extendLease(model, gateway);
        gateway.sync.phase = SYNC.extended;
      },
    ),
    ...ofServingGateways(
      model,
      (name) => `${name} applies the changes`,
      ({ sync }) => sync.phase === SYNC.extended,
      (gateway, state) => land(model, state, gateway),
    ),
  ];
}

function staleSnapshots(model: Model): Step[] {
  return ofServingGateways(
    model,
    (name) => `the sync of ${name} takes its snapshot from a replica that lags by one change`,
    ({ sync, position }, state) => sync.phase === SYNC.sent && state.seq > position,
    (gateway, state) => takeSnapshot(model, state, gateway, 1),
  );
}

function believedHints(model: Model): Step[] {
  const revoked = model.configuration.changes.indexOf('revoke') + 1;
  return ofServingGateways(
    model,
    (name) => `a false hint tells ${name} that the key is revoked, and it believes it`,
    ({ held, rows }) => held === 1 && rows < revoked,
    (gateway) => install(gateway, revoked, gateway.seq),
  );
}

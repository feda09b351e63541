import {
  BARRIER,
  type Barrier,
  CREATE,
  type Gateway,
  newRead,
  newSync,
  PROCESS,
  ROW,
  type State,
  SYNC,
  WAIT_TICKS,
} from './state.ts';
import { type Model, ofEachGateway, ofServingGateways, type Step } from './step.ts';
import { forget } from './view.ts';

/** The row that a gateway finds: its own, unless rows go by label, of which there is one. */
export function rowOf({ rules }: Model, state: State, gateway: Gateway): Gateway['row'] {
  return rules.oneRowPerProcess ? gateway.row : (state.gateways[0] as Gateway).row;
}

/** One bit for each gateway that a barrier has to wait for. */
export function membersOf({ rules }: Model, { gateways }: State): number {
  let members = 0;
  for (let index = 0; index < gateways.length; index++) {
    const { state } = (gateways[index] as Gateway).row;
    if (state === ROW.live || (state === ROW.retired && rules.waitsForRetired)) members |= 1 << index;
  }
  return members;
}

/** How processes come and go, and what the store knows of it. */
export function membershipSteps(model: Model): Step[] {
  const { membership, retirement, silence, drains, crashes } = model.configuration;
  return [
    ...(membership === true ? starts(model) : []),
    ...(retirement === true ? retirements(model) : []),
    ...(silence === true ? silenceSteps(model) : []),
    ...(drains === true ? drainSteps(model) : []),
    ...(crashes === true ? crashSteps(model) : []),
  ];
}

function starts(model: Model): Step[] {
  return [
    ...ofEachGateway(
      model,
      (name) => `${name} starts and registers`,
      ({ process, row }) => process === PROCESS.off && row.state !== ROW.live,
      (gateway, state) => {
        gateway.process = PROCESS.running;
        register(rowOf(model, state, gateway));
      },
    ).filter((_, index) => canBeOff(model, index)),
    ...ofServingGateways(
      model,
      (name) => `${name} registers again`,
      ({ process, sync }) => process === PROCESS.unregistered && sync.phase === SYNC.none,
      (gateway) => {
        gateway.process = PROCESS.running;
        register(gateway.row);
      },
    ),
  ];
}

function canBeOff({ configuration: { gateways, drains } }: Model, index: number): boolean {
  return gateways[index] === false || drains === true;
}

function register(row: Gateway['row']): void {
  Object.assign(row, { state: ROW.live, recorded: 0, retiredTicks: 0, silentTicks: 0 });
}

function retirements(model: Model): Step[] {
  const { rules } = model;
  return [
    ...ofServingGateways(
      model,
      (name) => `the row of ${name} is retired by somebody else`,
      ({ row }) => row.state === ROW.live,
      ({ row }) => Object.assign(row, { state: ROW.retired, retiredTicks: 0, silentTicks: 0 }),
    ),
    ...ofServingGateways(
      model,
      (name) =>
        rules.settlesByMonotonicClock
          ? `who has waited for ${name} marks its row as settled`
          : `the wall clock of the database steps: the retirement of ${name} looks old enough`,
      ({ row }) => row.state === ROW.retired && (row.retiredTicks >= WAIT_TICKS || !rules.settlesByMonotonicClock),
      ({ row }) => Object.assign(row, { state: ROW.settled, recorded: 0, retiredTicks: 0 }),
    ),
  ];
}

/** Without the rule that the wait counts from then on: so long the store takes to hand out the members. */
const MEMBER_READ_TICKS = 2;

/** So that only the first command pays for a dead gateway. */
function silenceSteps(model: Model): Step[] {
  const { rules } = model;
  const waitTicks = WAIT_TICKS - (rules.settlesFromMemberRead ? 0 : MEMBER_READ_TICKS);
  const isWaitedOut = ({ row }: Gateway, { barriers }: State) =>
    (barriers[CREATE] as Barrier).phase === BARRIER.returned && row.recorded === 0;
  return ofServingGateways(
    model,
    (name) => `who has waited for ${name} settles its live row`,
    (gateway, state) => {
      if (gateway.row.state !== ROW.live) return false;
      return gateway.row.silentTicks >= waitTicks || (!rules.settlesSilentOnly && isWaitedOut(gateway, state));
    },
    ({ row }) => Object.assign(row, { state: ROW.settled, recorded: 0, silentTicks: 0 }),
  );
}

function drainSteps(model: Model): Step[] {
  return [
    ...ofEachGateway(
      model,
      (name) => `${name} stops admitting, and its process ends`,
      ({ process }) => process !== PROCESS.off,
      stop,
    ),
    ...ofEachGateway(
      model,
      (name) => `the row of ${name} is marked as drained`,
      ({ process, row }) => row.state === ROW.live && (process === PROCESS.off || !model.rules.stopsBeforeDrained),
      ({ row }) => Object.assign(row, { state: ROW.settled, recorded: 0 }),
    ),
  ];
}

function crashSteps(model: Model): Step[] {
  return ofEachGateway(
    model,
    (name) => `${name} crashes`,
    ({ process }) => process !== PROCESS.off,
    stop,
  );
}

function stop(gateway: Gateway): void {
  forget(gateway, false);
  Object.assign(gateway, { process: PROCESS.off, position: 0, leaseTicks: 0, leaseSlewed: 0, floor: 0, stream: 0 });
  Object.assign(gateway.sync, newSync());
  Object.assign(gateway.givenUp, newSync());
  for (const read of gateway.reads) Object.assign(read, newRead());
}

import { membersOf, rowOf } from './membership-steps.ts';
import { VIOLATION } from './properties.ts';
import { BARRIER, type Barrier, CREATE, LEASE_TICKS, REVOKE, REVOKE_AGAIN, type State, WAIT_TICKS } from './state.ts';
import type { Model, Step } from './step.ts';

/** Commits, the barriers of the commands that made them, and the pruning of the log. */
export function changeSteps(model: Model): Step[] {
  const { configuration, rules } = model;
  const steps = configuration.changes.map((_, index) => commitOf(model, index));
  if (configuration.slowCommits === true) steps.push(...configuration.changes.map((_, index) => beginOf(model, index)));
  if (!rules.numbersInCommitOrder) steps.push(overtakenCommit(model), lateCommit(model));
  if (configuration.membership === true) {
    if (configuration.changes.includes('create')) steps.push(memberReadOf(model, CREATE));
    if (configuration.changes.includes('revoke')) steps.push(memberReadOf(model, REVOKE));
    if (configuration.repeatedRevoke === true) steps.push(memberReadOf(model, REVOKE_AGAIN));
  }
  if (configuration.repeatedRevoke === true) steps.push(repeatedRevoke(model));
  if (configuration.pruning === true) steps.push(pruning());
  return steps;
}

function beginOf({ configuration, ...model }: Model, index: number): Step {
  return {
    text: `the transaction of the ${configuration.changes[index]} begins`,
    can: ({ seq, begun }) => seq === index && begun === 0,
    go: (state) => {
      state.begun = 1;
      state.begunMembers = membersOf({ configuration, ...model }, state);
    },
  };
}

function commitOf(model: Model, index: number): Step {
  const { changes, slowCommits } = model.configuration;
  return {
    text: `the ${changes[index]} commits as change ${index + 1}`,
    can: ({ seq, rows, begun }) => seq === index && rows === index && (slowCommits !== true || begun === 1),
    go: (state) => {
      state.seq = index + 1;
      state.rows = index + 1;
      startBarrier(model, state, index);
      Object.assign(state, { begun: 0, begunTicks: 0, begunMembers: 0 });
    },
  };
}

/** Without the rule: the change before has its number already, and commits later. */
function overtakenCommit({ configuration: { changes } }: Model): Step {
  return {
    text: 'the next change takes its number, the one after it commits first',
    can: ({ seq, rows }) => seq === rows && seq + 1 < changes.length && changes[seq + 1] === 'other',
    go: (state) => {
      state.seq += 2;
    },
  };
}

function lateCommit(model: Model): Step {
  return {
    text: 'the overtaken change commits with the lower number',
    can: ({ seq, rows }) => rows < seq,
    go: (state) => {
      state.rows = state.seq;
      startBarrier(model, state, state.seq - 2);
    },
  };
}

function startBarrier(model: Model, state: State, index: number): void {
  const { rules, configuration } = model;
  const change = configuration.changes[index];
  if (change !== 'create' && change !== 'revoke') return;
  const barrier = state.barriers[change === 'create' ? CREATE : REVOKE] as Barrier;
  barrier.phase = BARRIER.committed;
  barrier.seq = index + 1;
  barrier.sinceCommitTicks = rules.waitsFromCommit ? 0 : state.begunTicks;
  if (rules.readsMembersAfterCommit) return;
  barrier.phase = BARRIER.waiting;
  barrier.members = state.begunMembers;
}

export const COMMANDS = ['create', 'revoke', 'repeated revoke'] as const;

function memberReadOf(model: Model, index: number): Step {
  return {
    text: `the ${COMMANDS[index]} reads the members`,
    can: ({ barriers }) => (barriers[index] as Barrier).phase === BARRIER.committed,
    go: (state) => readMembers(model, state, state.barriers[index] as Barrier),
  };
}

function readMembers(model: Model, state: State, barrier: Barrier): void {
  barrier.phase = BARRIER.waiting;
  barrier.members = membersOf(model, state);
}

/** The reply to the first commit was lost, or somebody else revokes the same key: it finds it revoked. */
function repeatedRevoke({ rules }: Model): Step {
  return {
    text: 'the revoke is repeated and finds the key revoked',
    can: ({ barriers }) =>
      (barriers[REVOKE] as Barrier).phase !== BARRIER.idle &&
      (barriers[REVOKE_AGAIN] as Barrier).phase === BARRIER.idle,
    go: (state) => {
      const barrier = state.barriers[REVOKE_AGAIN] as Barrier;
      barrier.phase = rules.repeatedRevokeWaits ? BARRIER.committed : BARRIER.returned;
      barrier.seq = state.seq;
    },
  };
}

function pruning(): Step {
  return {
    text: 'the oldest change is pruned from the log',
    can: ({ pruned, rows }) => pruned < rows,
    go: (state) => {
      state.pruned++;
    },
  };
}

/**
 * A command returns in the same step in which it may: returning later would promise less. Members are read apart from the commit
 * only where they can change in between.
 */
export function settleBarriers(model: Model, state: State): void {
  const { configuration, rules } = model;
  const limitTicks = rules.waitsLongerThanLease ? WAIT_TICKS : LEASE_TICKS;
  for (const barrier of state.barriers) {
    if (barrier.phase === BARRIER.committed && configuration.membership !== true) readMembers(model, state, barrier);
    if (barrier.phase !== BARRIER.waiting) continue;
    const isOver = rules.waitEnds && barrier.sinceCommitTicks >= limitTicks;
    if (isOver || isConfirmed(model, state, barrier))
      Object.assign(barrier, { phase: BARRIER.returned, seq: 0, sinceCommitTicks: 0, members: 0 });
    else if (barrier.sinceCommitTicks >= WAIT_TICKS) state.violation = VIOLATION.late;
  }
}

function isConfirmed(model: Model, state: State, { members, seq }: Barrier): boolean {
  return state.gateways.every(
    (gateway, index) => (members & (1 << index)) === 0 || rowOf(model, state, gateway).recorded >= seq,
  );
}

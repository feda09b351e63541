import { membersOf, rowOf } from './membership-steps.ts';
import { VIOLATION } from './properties.ts';
import { BARRIER, type Barrier, CREATE, LEASE_TICKS, REVOKE, REVOKE_AGAIN, type State, WAIT_TICKS } from './state.ts';
import type { Model, Step } from './step.ts';

/** In the order of their barriers. */
export const COMMANDS = ['create', 'revoke', 'repeated revoke'] as const;

/** What the commands do that wait, apart from returning. */
export function barrierSteps(model: Model): Step[] {
  const { changes, membership, repeatedRevoke } = model.configuration;
  const steps: Step[] = [];
  if (repeatedRevoke === true) steps.push(repetition(model));
  if (membership !== true) return steps;
  if (changes.includes('create')) steps.push(memberReadOf(model, CREATE));
  if (changes.includes('revoke')) steps.push(memberReadOf(model, REVOKE));
  return repeatedRevoke === true ? [...steps, memberReadOf(model, REVOKE_AGAIN)] : steps;
}

/** A create or a revoke has committed, and its command begins to wait. */
export function startBarrier(model: Model, state: State, index: number): void {
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
function repetition({ rules }: Model): Step {
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
    if (isOver || isConfirmed(model, state, barrier)) {
      Object.assign(barrier, { phase: BARRIER.returned, seq: 0, sinceCommitTicks: 0, members: 0 });
    } else if (barrier.sinceCommitTicks >= WAIT_TICKS) state.violation = VIOLATION.late;
  }
}

function isConfirmed(model: Model, state: State, { members, seq }: Barrier): boolean {
  return state.gateways.every(
    (gateway, index) => (members & (1 << index)) === 0 || rowOf(model, state, gateway).recorded >= seq,
  );
}

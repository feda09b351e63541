import { barrierSteps, settleBarriers } from './barrier-steps.ts';
import { changeSteps } from './change-steps.ts';
import type { Configuration } from './configuration.ts';
import { Encoding } from './encoding.ts';
import { membershipSteps } from './membership-steps.ts';
import { requestSteps } from './request-steps.ts';
import type { Rules } from './rules.ts';
import { NEVER, type State } from './state.ts';
import { StateSet } from './state-set.ts';
import type { Model, Step } from './step.ts';
import { syncSteps } from './sync-steps.ts';
import { timeSteps } from './time-steps.ts';

export interface Result {
  readonly states: number;
  /** Steps taken, those that led to known states included. */
  readonly transitions: number;
  /** What could never happen: a step that no state allows tests nothing. */
  readonly neverTaken: readonly string[];
  /** A shortest way to a violation: its states as bytes, the first and the violation included. `null`: there is none. */
  readonly path: readonly Uint8Array[] | null;
}

/** All steps of a model. */
export function stepsOf(model: Model): readonly Step[] {
  return [
    ...requestSteps(model),
    ...syncSteps(model),
    ...changeSteps(model),
    ...barrierSteps(model),
    ...membershipSteps(model),
    ...timeSteps(model),
  ];
}

export function encodingOf({ gateways, reads, endsInTicks = NEVER }: Configuration): Encoding {
  return new Encoding(gateways, reads, endsInTicks, gateways.every(Boolean));
}

/** Takes a step, and lets the commands return that may then. */
export function take(model: Model, state: State, step: Step): void {
  step.go(state);
  settleBarriers(model, state);
}

/**
 * Visits every state that can be reached, breadth first, until one breaks a property or there is none left. With a property given,
 * it goes on past violations of others.
 */
export function search(configuration: Configuration, rules: Rules, property?: number): Result {
  const model: Model = { configuration, rules };
  const steps = stepsOf(model);
  const encoding = encodingOf(configuration);
  const states = new StateSet(encoding.bytes);
  const state = encoding.initial();
  states.add(encoding.encode(state), -1);
  const neverTaken = new Set(steps);
  let transitions = 0;
  const result = (path: Result['path']): Result => {
    return { states: states.size, transitions, neverTaken: [...neverTaken].map(({ text }) => text), path };
  };
  for (let index = 0; index < states.size; index++) {
    encoding.decode(states.bytes, index * encoding.bytes, state);
    let isFresh = true;
    for (const step of steps) {
      if (!isFresh) encoding.decode(states.bytes, index * encoding.bytes, state);
      isFresh = true;
      if (!step.can(state)) continue;
      isFresh = false;
      take(model, state, step);
      transitions++;
      neverTaken.delete(step);
      if (property !== undefined && state.violation !== property) state.violation = 0;
      const isNew = states.add(encoding.encode(state), index);
      if (isNew && state.violation !== 0) {
        return result(pathTo(states, states.size - 1, encoding.bytes));
      }
    }
  }
  return result(null);
}

function pathTo(states: StateSet, last: number, width: number): Uint8Array[] {
  const path: Uint8Array[] = [];
  for (let index = last; index !== -1; index = states.parentOf(index)) {
    path.unshift(states.bytes.slice(index * width, (index + 1) * width));
  }
  return path;
}

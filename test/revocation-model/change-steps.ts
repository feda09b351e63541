import { startBarrier } from './barrier-steps.ts';
import { membersOf } from './membership-steps.ts';
import type { Model, Step } from './step.ts';

/** Changes that begin and commit, and the pruning of their log. */
export function changeSteps(model: Model): Step[] {
  const { configuration, rules } = model;
  const steps = configuration.changes.map((_, index) => commitOf(model, index));
  if (configuration.slowCommits === true) steps.push(...configuration.changes.map((_, index) => beginOf(model, index)));
  if (!rules.numbersInCommitOrder) steps.push(overtakenCommit(model), lateCommit(model));
  if (configuration.pruning === true) steps.push(pruning());
  return steps;
}

function beginOf(model: Model, index: number): Step {
  return {
    text: `the transaction of the ${model.configuration.changes[index]} begins`,
    can: ({ seq, begun }) => seq === index && begun === 0,
    go: (state) => {
      state.begun = 1;
      state.begunMembers = membersOf(model, state);
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

function pruning(): Step {
  return {
    text: 'the oldest change is pruned from the log',
    can: ({ pruned, rows }) => pruned < rows,
    go: (state) => {
      state.pruned++;
    },
  };
}

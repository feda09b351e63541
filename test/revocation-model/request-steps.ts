import { giveVerdict, hasEndedAt, reliance } from './properties.ts';
import { readSteps } from './read-steps.ts';
import { type Model, ofServingGateways, type Step } from './step.ts';
import { streamSteps } from './stream-steps.ts';
import { forget, heldValue, holdsLease, mayJudgeFromMemory } from './view.ts';

/** What requests, their reads and their streams do. */
export function requestSteps(model: Model): Step[] {
  if (model.configuration.reads === 0) return [];
  return [
    ...memorySteps(model),
    ...readSteps(model),
    ...(model.configuration.streams === true ? streamSteps(model) : []),
  ];
}

function memorySteps(model: Model): Step[] {
  const { configuration, rules } = model;
  const steps = ofServingGateways(
    model,
    (name) => `a request arrives at ${name} and is judged from memory`,
    (gateway) => mayJudgeFromMemory(model, gateway),
    (gateway, state) =>
      giveVerdict(
        state,
        gateway,
        heldValue(configuration, gateway),
        reliance(state, gateway),
        hasEndedAt(gateway, state),
      ),
  );
  const evictions = ofServingGateways(
    model,
    (name) => `${name} evicts the entry`,
    ({ held }) => held === 1,
    (gateway) => forget(gateway, rules.evictionRaisesFloor),
  );
  const clockReadings = ofServingGateways(
    model,
    (name) => `${name} reads its clock, before the next request: the lease holds`,
    (gateway) => gateway.oldClock === 0 && holdsLease(gateway),
    (gateway) => {
      gateway.oldClock = 1;
    },
  );
  if (configuration.eviction === true) steps.push(...evictions);
  if (!rules.readsClockAfterArrival) steps.push(...clockReadings);
  return steps;
}

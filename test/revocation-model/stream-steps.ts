import { giveVerdict, hasEndedAt, reliance, write } from './properties.ts';
import { type Model, ofServingGateways, type Step } from './step.ts';
import { heldValue, holdsLease, mayJudgeFromMemory } from './view.ts';

/** Renders that are streamed: begun, written to, ended. */
export function streamSteps(model: Model): Step[] {
  const { configuration, rules } = model;
  return [
    ...ofServingGateways(
      model,
      (name) => `a request arrives at ${name}, is judged from memory, and begins to stream`,
      (gateway) =>
        gateway.stream === 0 && mayJudgeFromMemory(model, gateway) && heldValue(configuration, gateway) === 'valid',
      (gateway, state) => {
        giveVerdict(state, gateway, 'valid', reliance(state, gateway), hasEndedAt(gateway, state));
        gateway.stream = 1;
      },
    ),
    ...ofServingGateways(
      model,
      (name) => `${name} writes to the stream`,
      (gateway) => gateway.stream === 1 && (holdsLease(gateway) || !rules.streamNeedsLease),
      (_gateway, state) => write(state),
    ),
    ...ofServingGateways(
      model,
      (name) => `the stream at ${name} ends`,
      (gateway) => gateway.stream === 1,
      (gateway) => {
        gateway.stream = 0;
      },
    ),
  ];
}

import { type Configuration, getsRequests } from './configuration.ts';
import type { Rules } from './rules.ts';
import type { Gateway, State } from './state.ts';

/** What one search is about. */
export interface Model {
  readonly configuration: Configuration;
  readonly rules: Rules;
}

/** One thing that may happen next: whether it can, and what it changes. It is one step because nothing can come in between. */
export interface Step {
  readonly text: string;
  readonly can: (state: State) => boolean;
  readonly go: (state: State) => void;
}

export const GATEWAY_NAMES = ['A', 'B'] as const;

/** A step of one gateway: what happens at the one of that name, when it can, and what it changes. */
type GatewayStep = readonly [
  text: (name: string) => string,
  can: (gateway: Gateway, state: State) => boolean,
  go: (gateway: Gateway, state: State) => void,
];

/** A step for each gateway. */
export function ofEachGateway({ configuration }: Model, ...[text, can, go]: GatewayStep): Step[] {
  return configuration.gateways.map((_, index) => ({
    text: text(GATEWAY_NAMES[index] as string),
    can: (state) => can(state.gateways[index] as Gateway, state),
    go: (state) => go(state.gateways[index] as Gateway, state),
  }));
}

/** A step for each gateway that gets requests. */
export function ofServingGateways(model: Model, ...step: GatewayStep): Step[] {
  return ofEachGateway(model, ...step).filter((_, index) => getsRequests(model.configuration, index));
}

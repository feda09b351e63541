import { COMMANDS } from './barrier-steps.ts';
import type { Configuration } from './configuration.ts';
import { PROPERTIES } from './properties.ts';
import type { Rules } from './rules.ts';
import { encodingOf, stepsOf, take } from './search.ts';
import { BARRIER, type Barrier, type Gateway, NEVER, PROCESS, ROW, type State, SYNC } from './state.ts';
import { GATEWAY_NAMES, type Model } from './step.ts';
import { heldValue } from './view.ts';

export interface TraceLine {
  /** What happens. */
  readonly text: string;
  /** How things are afterwards. */
  readonly after: string;
}

/**
 * Walks a path that a search has found again, from the first state, by steps that are possible there.
 * @throws where no step leads to the next state of the path: then it is none.
 */
export function traceOf(configuration: Configuration, rules: Rules, path: readonly Uint8Array[]): TraceLine[] {
  const model: Model = { configuration, rules };
  const steps = stepsOf(model);
  const encoding = encodingOf(configuration);
  let state = encoding.initial();
  const isLast = (index: number) => index === path.length - 1;
  return path.slice(1).map((next, before) => {
    for (const step of steps) {
      if (!step.can(state)) continue;
      const after = structuredClone(state);
      take(model, after, step);
      if (!isLast(before + 1)) after.violation = 0;
      if (!areEqual(encoding.encode(after), next)) continue;
      state = after;
      return { text: step.text, after: describe(model, state) };
    }
    throw new Error(`no step leads to state ${before + 1} of the path`);
  });
}

/**
 * Takes steps by their texts. Returns the property that is broken, or `null` where a step cannot be taken or all goes well. With a
 * property given, it goes on past violations of others.
 */
export function follow(
  configuration: Configuration,
  rules: Rules,
  texts: readonly string[],
  property?: number,
): string | null {
  const model: Model = { configuration, rules };
  const steps = stepsOf(model);
  const state = encodingOf(configuration).initial();
  for (const text of texts) {
    const step = steps.find((one) => one.text === text);
    if (step?.can(state) !== true) return null;
    take(model, state, step);
    if (property !== undefined && state.violation !== property) state.violation = 0;
    if (state.violation !== 0) return PROPERTIES[state.violation] as string;
  }
  return null;
}

/** One line a step, with what is known where afterwards. */
export function printed(trace: readonly TraceLine[]): string {
  const width = Math.max(...trace.map(({ text }) => text.length));
  return trace
    .map(({ text, after }, index) => `${String(index + 1).padStart(2)}  ${text.padEnd(width)}  ${after}`)
    .join('\n');
}

function describe(model: Model, state: State): string {
  const gateways = state.gateways.map((gateway, index) => `${GATEWAY_NAMES[index]} ${describeGateway(model, gateway)}`);
  const store = `store at ${state.seq}${state.pruned > 0 ? `, log from ${state.pruned + 1}` : ''}`;
  const end = state.endsInTicks === NEVER ? [] : [`ends in ${state.endsInTicks}`];
  const barriers = state.barriers.flatMap((barrier, index) => describeBarrier(barrier, COMMANDS[index] as string));
  return [store, ...end, ...barriers, ...gateways, ...(state.violation === 0 ? [] : ['BROKEN'])].join(' · ');
}

function describeBarrier({ phase, sinceCommitTicks }: Barrier, command: string): string[] {
  if (phase === BARRIER.idle) return [];
  if (phase === BARRIER.returned) return [`${command} returned`];
  return [`${command} waits since ${sinceCommitTicks}`];
}

function describeGateway({ configuration }: Model, gateway: Gateway): string {
  const { process, position, leaseTicks, held, seq, floor, refused, stream, sync, reads, row, shownTicks } = gateway;
  const inFlight = reads.flatMap((read) => (read.sent === 1 ? [`read as of ${read.seq}`] : []));
  if (sync.phase === SYNC.answered) inFlight.push(`sync as of ${sync.seq}`);
  return [
    process === PROCESS.off ? 'off' : `at ${position}`,
    leaseTicks > 0 ? `lease ${leaseTicks}` : 'no lease',
    held === 1 ? `"${heldValue(configuration, gateway)}" as of ${seq}` : 'nothing held',
    ...(floor > 0 ? [`floor ${floor}`] : []),
    ...(shownTicks === 0 ? [] : [`its time ${shownTicks > 0 ? '+' : ''}${shownTicks}`]),
    ...(refused === 1 ? ['has refused'] : []),
    ...(stream === 1 ? ['streams'] : []),
    ...inFlight,
    row.state === ROW.live ? `recorded ${row.recorded}` : (['no row', '', 'retired', 'settled'][row.state] as string),
  ].join(', ');
}

function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.every((byte, index) => byte === right[index]);
}

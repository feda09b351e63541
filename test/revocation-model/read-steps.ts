import { valueAt } from './configuration.ts';
import { giveVerdict, hadEnded, hasEndedAt, reliance, write } from './properties.ts';
import { type Gateway, newRead, PROCESS, type Read, type State } from './state.ts';
import { type Model, ofServingGateways, type Step } from './step.ts';
import { holdsLease, install, isNewEnough, mayJudgeFromMemory } from './view.ts';

/** Reads for requests that memory has no answer for: sent, joined, answered, failed. */
export function readSteps(model: Model): Step[] {
  const { configuration, rules } = model;
  const indexes = Array.from({ length: configuration.reads }, (_, index) => index);
  const mustRead = (gateway: Gateway) => gateway.process !== PROCESS.off && !mayJudgeFromMemory(model, gateway);
  const send = (state: State, gateway: Gateway, seq: number, rows: number) => {
    Object.assign(freeOf(gateway) as Read, { sent: 1, seq, rows, asked: reliance(state, gateway), joined: 0 });
  };
  const freeOf = (gateway: Gateway) =>
    gateway.reads.find(({ sent }, index) => sent === 0 && index < configuration.reads);
  const steps = ofServingGateways(
    model,
    (name) => `a request arrives at ${name}, which sends a read for it`,
    (gateway) => mustRead(gateway) && freeOf(gateway) !== undefined,
    (gateway, state) => send(state, gateway, state.seq, state.rows),
  );
  const staleReads = ofServingGateways(
    model,
    (name) => `a request arrives at ${name}, which sends a read to a replica that lags by one change`,
    (gateway, state) => mustRead(gateway) && freeOf(gateway) !== undefined && state.seq > 0,
    (gateway, state) => send(state, gateway, state.seq - 1, state.seq - 1),
  );
  if (!rules.readsPrimaryOnly) steps.push(...staleReads);
  for (const index of indexes) steps.push(...joinSteps(model, index), ...answerSteps(model, index));
  return steps;
}

/** Only a request that may rely on more than those before it makes a difference. */
function joinSteps(model: Model, index: number): Step[] {
  const { rules } = model;
  return ofServingGateways(
    model,
    (name) => `a request arrives at ${name} and joins the read in flight${ordinal(model, index)}`,
    (gateway, state) => {
      const { sent, asked, joined } = gateway.reads[index] as Read;
      const reliesOnMore = (reliance(state, gateway) & ~(asked | joined)) !== 0;
      if (sent === 0 || !reliesOnMore || gateway.process === PROCESS.off) return false;
      return !rules.asksAfterArrival || (holdsLease(gateway) && gateway.held === 0);
    },
    (gateway, state) => {
      const read = gateway.reads[index] as Read;
      if (rules.asksAfterArrival) read.joined |= reliance(state, gateway);
      else read.asked |= reliance(state, gateway);
    },
  );
}

function answerSteps(model: Model, index: number): Step[] {
  const text = (name: string) => `the answer to the read${ordinal(model, index)} reaches ${name}`;
  const can = (gateway: Gateway) => (gateway.reads[index] as Read).sent === 1;
  const steps = ofServingGateways(model, text, can, (gateway, state) => answer(model, state, gateway, index));
  const isStart = ({ rows }: Read) => valueAt(model.configuration, rows) === 'valid';
  const streamStarts = ofServingGateways(
    model,
    (name) => `${text(name)}, which begins to stream`,
    (gateway) => can(gateway) && gateway.stream === 0 && isStart(gateway.reads[index] as Read),
    (gateway, state) => {
      if (answer(model, state, gateway, index)) gateway.stream = 1;
    },
  );
  const failures = ofServingGateways(
    model,
    (name) => `the read${ordinal(model, index)} of ${name} fails: 503`,
    can,
    (gateway) => Object.assign(gateway.reads[index] as Read, newRead()),
  );
  return [...steps, ...failures, ...(model.configuration.streams === true ? streamStarts : [])];
}

/** Returns whether the requests that sent the read have got their verdict. */
function answer(model: Model, state: State, gateway: Gateway, index: number): boolean {
  const { configuration, rules } = model;
  const read = gateway.reads[index] as Read;
  if (!rules.takesSeqWithRows) read.seq = state.seq;
  const value = valueAt(configuration, read.rows);
  const isKept = isNewEnough(model, gateway, read);
  const isLeased = holdsLease(gateway);
  if (isKept && (isLeased || rules.keepsAnswersWithoutLease)) install(gateway, read.rows, read.seq);
  if (value === 'valid' && isKept && gateway.stream === 1 && !rules.streamNeverOnRead) write(state);
  const hasEnded = hasEndedAt(gateway, state) || (rules.answersByOwnTime && hadEnded(read));
  const isUsed = isKept || (!isLeased && !rules.oldAnswersAnswerNobody);
  if (isUsed) giveVerdict(state, gateway, value, read.asked, hasEnded);
  const isJoinedUsed = isKept || !rules.joinedUseKeptOnly;
  if (read.joined !== 0 && isJoinedUsed) giveVerdict(state, gateway, value, read.joined, hasEnded);
  Object.assign(read, newRead());
  return isUsed;
}

function ordinal({ configuration }: Model, index: number): string {
  return configuration.reads > 1 ? ` ${index + 1}` : '';
}

import * as v from 'valibot';
import type { BarrierTime } from '../core/barrier-times.ts';
import { GATEWAY_ID_PATTERN, GATEWAY_STATES, type GatewaySummary } from '../core/gateway-service.ts';
import { answerTime, isoTime, isoTimeOrNull } from './bounds.ts';

/** What the control API takes and answers about gateways. */

export const gatewayParams = v.strictObject({
  gatewayId: v.pipe(v.string(), v.regex(GATEWAY_ID_PATTERN, 'must be a gateway id')),
});

export function gatewayJson({ startedAt, seenAt, retiredAt, ...gateway }: GatewaySummary) {
  const { id, name, version, state, appliedSeq, behind } = gateway;
  const times = { startedAt: isoTime(startedAt), seenAt: isoTime(seenAt), retiredAt: isoTimeOrNull(retiredAt) };
  return { id, name, version, state, ...times, appliedSeq, behind };
}

const state = v.picklist(GATEWAY_STATES);

export const gatewaysAnswer = v.object({
  data: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      version: v.string(),
      state,
      startedAt: answerTime,
      seenAt: answerTime,
      retiredAt: v.nullable(answerTime),
      appliedSeq: v.nullable(v.number()),
      behind: v.nullable(v.number()),
    }),
  ),
});

export function barrierJson({ at, ...barrier }: BarrierTime) {
  return { at: isoTime(at), ...barrier };
}

const count = v.pipe(v.number(), v.minValue(0));

export const barriersAnswer = v.object({
  data: v.array(v.object({ at: answerTime, gateway: v.string(), ms: count, confirmed: count, waitedOut: count })),
});

export const evictedAnswer = v.object({ id: v.string(), state });

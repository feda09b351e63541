import * as v from 'valibot';
import type { StoredEvent } from '../core/render-event.ts';
import { VERDICT_KINDS } from '../core/verdict.ts';
import { answerTime, isoTime, keyId, utcTime, wholeNumber } from './bounds.ts';

/** What the control API takes and answers about render events. */

const STATUS_RULE = 'must be a status such as 404, or a range such as 400-599';

/** `404` or `400-599`: inclusive bounds. */
const statusRange = v.pipe(
  v.string(),
  v.regex(/^[1-5]\d{2}(?:-[1-5]\d{2})?$/, STATUS_RULE),
  v.transform((text) => {
    const [min = 0, max = min] = text.split('-').map(Number);
    return { min, max };
  }),
  v.check(({ min, max }) => min <= max, STATUS_RULE),
);

const filterEntries = {
  keyId: v.optional(keyId),
  status: v.optional(statusRange),
  path: v.optional(v.pipe(v.string(), v.regex(/^\/[A-Za-z0-9/_.-]{0,127}$/, 'must be a path such as /render/enhance'))),
  /** The whole team of the profile. */
  profiles: v.optional(v.literal('all')),
};

export const MAX_EVENT_PAGE_SIZE = 100;

/** `GET …/events` as JSON: history, newest first. */
export const listEventsQuery = v.strictObject({
  ...filterEntries,
  since: v.optional(utcTime),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(512))),
  limit: v.optional(
    v.pipe(wholeNumber, v.minValue(1), v.maxValue(MAX_EVENT_PAGE_SIZE, `must be from 1 to ${MAX_EVENT_PAGE_SIZE}`)),
    '50',
  ),
});

/** `GET …/events/stream`: server-sent events. A reconnection says `Last-Event-ID`, which stands above `after`. */
export const tailEventsQuery = v.strictObject({ ...filterEntries, after: v.optional(wholeNumber) });

export function eventJson(event: StoredEvent) {
  return { ...event, at: isoTime(event.at) };
}

export const eventAnswer = v.object({
  seq: v.number(),
  at: answerTime,
  profileId: v.string(),
  keyId: v.string(),
  keyName: v.string(),
  start: v.string(),
  requestId: v.string(),
  method: v.string(),
  path: v.string(),
  status: v.number(),
  verdict: v.picklist(VERDICT_KINDS),
  durationUs: v.number(),
  blocks: v.nullable(v.number()),
  bytesIn: v.number(),
  bytesOut: v.number(),
  ip: v.string(),
  agent: v.string(),
  count: v.number(),
  isInterrupted: v.boolean(),
});

export const eventPageAnswer = v.object({ data: v.array(eventAnswer), nextCursor: v.nullable(v.string()) });

/**
 * The stream, in the frames of server-sent events: `id: <seq>` and `data: <event>` for an event; `event: gap` with
 * `data: {"missed": 12 | null}` and the id to go on from; a comment line as heartbeat every 15 s; and before the server ends the stream
 * `event: end` with a problem as data.
 */
export const gapAnswer = v.object({ missed: v.nullable(v.number()) });

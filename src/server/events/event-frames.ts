import { eventJson } from '../../api/events.ts';
import { problemJson } from '../../api/problem.ts';
import type { OutkitError } from '../../core/errors.ts';
import type { StoredEvent } from '../../core/render-event.ts';

/** The frames of a tail: server-sent events (WHATWG HTML, section 9.2). JSON has no raw line end, so each has one `data` line. */

export const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8';

/** A comment: says that the connection stands. */
export const HEARTBEAT_FRAME = ':\n\n';

export function eventFrame(event: StoredEvent): string {
  return `id: ${event.seq}\ndata: ${JSON.stringify(eventJson(event))}\n\n`;
}

/** Events up to `seq` are gone, and nobody knows how many of them were wanted. */
export function gapFrame(seq: number): string {
  return `event: gap\nid: ${seq}\ndata: ${JSON.stringify({ missed: null })}\n\n`;
}

export function endFrame(error: OutkitError): string {
  return `event: end\ndata: ${JSON.stringify(problemJson(error))}\n\n`;
}

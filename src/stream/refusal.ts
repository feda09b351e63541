import { isObject, parseJson } from './json.ts';
import { malformed, OutkitStreamError } from './stream-error.ts';
import { readText } from './text-chunks.ts';

/** No error of the renderer is longer. In UTF-16 units. */
const MAX_REFUSAL_LENGTH = 64 * 1024;
const MAX_DETAIL_LENGTH = 300;
const CODE_PATTERN = /^[a-z][a-z0-9_]{0,63}$/;
const SECONDS_PATTERN = /^\d{1,10}$/;
/** RFC 9110, section 5.6.7: the only form of a date that may be sent. */
const HTTP_DATE_PATTERN = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
/** `setTimeout` takes anything longer for no time at all. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The error of an answer that is not ok, read from its body (`{error, detail, code}`) and its headers. */
export async function refusalOf({ status, headers, body }: Response): Promise<OutkitStreamError> {
  const text = body === null ? '' : await readText(body, MAX_REFUSAL_LENGTH).catch(() => '');
  const { code = 'stream_refused', detail = `The server answered ${status}` } = saidBy(text);
  return new OutkitStreamError(code, detail, { status, retryAfterMs: retryAfterMs(headers) });
}

/** The error of an `error` event, with which the server ends a stream before its end mark. */
export function errorOfEvent(data: string): OutkitStreamError {
  const { code, detail = 'The server ended the answer' } = saidBy(data);
  return code === undefined ? malformed('The error of the stream has no code') : new OutkitStreamError(code, detail);
}

function saidBy(text: string): { code?: string; detail?: string } {
  const json = parseJson(text);
  if (!isObject(json)) return {};
  const { code, detail } = json;
  return {
    ...(typeof code === 'string' && CODE_PATTERN.test(code) && { code }),
    ...(typeof detail === 'string' && { detail: oneLine(detail) }),
  };
}

/** By code point: half a surrogate pair is no text. */
function oneLine(text: string): string {
  const points = Array.from(text.slice(0, 2 * MAX_DETAIL_LENGTH).replace(/\p{Cc}/gu, ' '));
  return points.slice(0, MAX_DETAIL_LENGTH).join('');
}

/** RFC 9110, section 10.2.3: seconds, or a date, which is compared with that of the answer where it has one. */
function retryAfterMs(headers: Headers): number | null {
  const value = headers.get('retry-after') ?? '';
  const date = headers.get('date') ?? '';
  if (SECONDS_PATTERN.test(value)) return Math.min(Number(value) * 1000, MAX_TIMEOUT_MS);
  if (!HTTP_DATE_PATTERN.test(value)) return null;
  const spanMs = Date.parse(value) - (HTTP_DATE_PATTERN.test(date) ? Date.parse(date) : Date.now());
  return Number.isNaN(spanMs) ? null : Math.min(Math.max(spanMs, 0), MAX_TIMEOUT_MS);
}

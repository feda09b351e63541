import type { Exchange } from './exchange.ts';
import { KeyErrors } from './key-errors.ts';
import type { Notices } from './notices.ts';
import { ProxyError } from './proxy-error.ts';
import { relayedBody } from './relayed-body.ts';
import { endOfOldSecret } from './secret-end.ts';

/** Errors that the client can do something about, or that pass by themselves. */
const PASSED_ERRORS: readonly number[] = [400, 413, 415, 422, 429, 500, 503];
const CONTENT_TYPE = /^(application\/json|text\/event-stream)(?:; ?charset=utf-8)?$/i;
/** Headers of the renderer that pass when they look as they should. */
const PASSED_HEADERS = { 'retry-after': /^\d{1,9}$/, 'x-request-id': /^[\w-]{1,64}$/ } as const;

/** What the log has to know to say what to do. */
export interface AnswerContext {
  readonly origin: string;
  readonly keyPlace: string;
  readonly stream: boolean;
  readonly notices: Notices;
}

/** The renderer's answer as the browser gets it. Throws `renderer_refused_key` or `renderer_unexpected`, and tells the log what to do. */
export function relayAnswer(answer: Response, exchange: Exchange, context: AnswerContext): Response {
  const { status, headers, body } = answer;
  if (status === 401 || status === 403) {
    tellRefused(context);
    throw dropped(answer, 'renderer_refused_key');
  }
  const type = CONTENT_TYPE.exec(headers.get('content-type') ?? '')?.[1]?.toLowerCase();
  const wanted = status === 200 && context.stream ? 'text/event-stream' : 'application/json';
  if ((status !== 200 && !PASSED_ERRORS.includes(status)) || type !== wanted || body === null) {
    const { origin, notices } = context;
    notices.error(`Outkit: ${origin} answers ${status}, not as an Outkit server does. Is OUTKIT_API_URL right?`);
    throw dropped(answer, 'renderer_unexpected');
  }
  tellEndOfSecret(headers, context);
  const relayed = relayedBody(body, exchange, new KeyErrors(() => tellRefused(context)));
  return new Response(relayed, { status, headers: passedHeaders(headers, wanted) });
}

function tellRefused({ origin, keyPlace, notices }: AnswerContext): void {
  notices.error(
    `Outkit: ${origin} refuses ${keyPlace}. 'outkit keys list' shows which keys are active: put one of them there`,
  );
}

function tellEndOfSecret(headers: Headers, { keyPlace, notices }: AnswerContext): void {
  const end = endOfOldSecret(headers);
  if (end === null) return;
  const last = new Date(end).toISOString();
  notices.warnOnce(
    `Outkit: ${keyPlace} is the old secret of a rotated key and ends at ${last}. Put the new one there before`,
  );
}

function passedHeaders(headers: Headers, type: string): Headers {
  const isStream = type === 'text/event-stream';
  const passed = new Headers({
    'content-type': headers.get('content-type') ?? type,
    // What compresses answers holds a stream back, unless it is told to leave it alone (RFC 9111, section 5.2.2.6).
    'cache-control': isStream ? 'no-store, no-transform' : 'no-store',
    'x-content-type-options': 'nosniff',
  });
  if (isStream) passed.set('x-accel-buffering', 'no');
  for (const [name, pattern] of Object.entries(PASSED_HEADERS)) {
    const value = headers.get(name);
    if (value !== null && pattern.test(value)) passed.set(name, value);
  }
  return passed;
}

function dropped(answer: Response, code: 'renderer_refused_key' | 'renderer_unexpected'): ProxyError {
  void answer.body?.cancel().catch(() => {});
  return new ProxyError(code);
}

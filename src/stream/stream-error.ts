interface StreamErrorDetails {
  readonly status?: number;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/**
 * Why a stream gives no more. `code` is that of the server (docs/errors.md), or one of ours: `stream_cut` (it ended before its end mark, or
 * its source failed: `cause`), `stream_malformed`, `stream_too_large`, `stream_unsupported` (a component that this version does not know,
 * without a fallback), `stream_refused` (an answer that is not ok and does not say why). The message has nothing of the document.
 */
export class OutkitStreamError extends Error {
  override readonly name = 'OutkitStreamError';
  readonly code: string;
  /** HTTP status of an answer that is not ok; `null` for what happened after an answer that is. */
  readonly status: number | null;
  /** For how long trying again is useless, where the server says so; fits `setTimeout`. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, { status, retryAfterMs, cause }: StreamErrorDetails = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    this.status = status ?? null;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

/** The error of what is no stream of ours. */
export function malformed(what: string): OutkitStreamError {
  return new OutkitStreamError('stream_malformed', what);
}

/** The error of what is over the bound of {@link MAX_EVENT_LENGTH}, or of any other. */
export function tooLarge(): OutkitStreamError {
  return new OutkitStreamError('stream_too_large', 'The answer is larger than any of the renderer');
}

import { ProxyError, type ProxyErrorCode } from './proxy-error.ts';

/** One request and its answer, until the answer is whole, the client is gone, or the time is over, whichever comes first. */
export class Exchange {
  readonly #client: AbortSignal;
  readonly #aborter = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  #why: 'client_gone' | 'timeout' | null = null;

  constructor(client: AbortSignal, timeoutMs: number) {
    this.#client = client;
    this.#timer = setTimeout(() => this.#abort('timeout'), timeoutMs);
    if (client.aborted) this.clientGone();
    else client.addEventListener('abort', this.clientGone, { once: true });
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  readonly clientGone = (): void => this.#abort('client_gone');

  /** Lets go of timer and client. May be called again. */
  end(): void {
    clearTimeout(this.#timer);
    this.#client.removeEventListener('abort', this.clientGone);
  }

  /** The error for something that failed meanwhile: because of the client, of the time, or else for `otherwise`. */
  failure(timeout: ProxyErrorCode, otherwise: ProxyErrorCode): ProxyError {
    if (this.#why === null) return new ProxyError(otherwise);
    return new ProxyError(this.#why === 'timeout' ? timeout : 'client_gone');
  }

  #abort(why: 'client_gone' | 'timeout'): void {
    this.#why ??= why;
    this.end();
    this.#aborter.abort();
  }
}

import { ProxyError, type ProxyErrorCode } from './proxy-error.ts';

/** One request and its answer, until the answer is whole, the client is gone, or the time is over, whichever comes first. */
export class Exchange {
  // Node forgets who aborts a request when nobody has the request itself any more.
  readonly #request: Request;
  readonly #aborter = new AbortController();
  readonly #over: Promise<never>;
  readonly #timer: ReturnType<typeof setTimeout>;
  #why: 'client_gone' | 'timeout' | null = null;

  constructor(request: Request, timeoutMs: number) {
    this.#request = request;
    this.#over = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(new Error(this.#why ?? 'over')), { once: true });
    });
    this.#over.catch(() => {});
    this.#timer = setTimeout(() => this.#abort('timeout'), timeoutMs);
    if (request.signal.aborted) this.clientGone();
    else request.signal.addEventListener('abort', this.clientGone, { once: true });
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.#aborter.signal;
  }

  readonly clientGone = (): void => this.#abort('client_gone');

  /** What `work` gives. Rejects when nobody waits for the answer any more, while `work` may go on unheard. */
  within<T>(work: () => T | Promise<T>): Promise<T> {
    return Promise.race([new Promise<T>((resolve) => resolve(work())), this.#over]);
  }

  /** Lets go of timer and client. May be called again. */
  end(): void {
    clearTimeout(this.#timer);
    this.#request.signal.removeEventListener('abort', this.clientGone);
  }

  /** Why nobody waits any more; `null` while somebody does. */
  get why(): 'client_gone' | 'timeout' | null {
    return this.#why;
  }

  /** The error for something that failed meanwhile: `client_gone` where that is why, `late` where the time is over. */
  failure(code: ProxyErrorCode, late: ProxyErrorCode = code): ProxyError {
    if (this.#why === 'client_gone') return new ProxyError('client_gone');
    return new ProxyError(this.#why === 'timeout' ? late : code);
  }

  #abort(why: 'client_gone' | 'timeout'): void {
    this.#why ??= why;
    this.end();
    this.#aborter.abort();
  }
}

import type { Clock } from '../core/clock.ts';
import type { SecretHash } from '../core/secret-hash.ts';
import { judge, type RefusalKind } from '../core/verdict.ts';
import type { KeyView } from './key-view.ts';

/** An answer that is still being written. */
export interface OpenStream {
  readonly hash: SecretHash;
  /** Nothing of the answer MUST be written any more when it returns. */
  readonly end: (why: RefusalKind) => void;
}

/** Answers under keys that may end before the answers do. */
export class OpenStreams {
  readonly #view: Pick<KeyView, 'find' | 'peek'>;
  readonly #clock: Clock;
  readonly #streams = new Set<OpenStream>();

  constructor(view: Pick<KeyView, 'find' | 'peek'>, clock: Clock) {
    this.#view = view;
    this.#clock = clock;
  }

  /** The function that it returns takes the stream out again. */
  add(stream: OpenStream): () => void {
    this.#streams.add(stream);
    return () => this.#streams.delete(stream);
  }

  /** Whether more of an answer may be written; `null` says yes. Without a lease nobody knows. */
  refusalOf(hash: SecretHash): RefusalKind | null {
    return this.#judged(this.#view.find(hash));
  }

  /** Ends those whose secret is refused by now, or is not known any more. MUST be called after each change, before anybody is told that it is in force. */
  review(): void {
    for (const stream of this.#streams) {
      const why = this.#judged(this.#view.peek(stream.hash));
      if (why === null) continue;
      this.#streams.delete(stream);
      stream.end(why);
    }
  }

  #judged(secret: ReturnType<KeyView['find']>): RefusalKind | null {
    if (secret === undefined) return 'unavailable';
    if (secret === null) return 'unknown';
    const { kind } = judge(secret, this.#clock.now());
    return kind === 'accepted' ? null : kind;
  }
}

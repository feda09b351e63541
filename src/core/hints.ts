/** What a server may want to know of at once: `changes` of keys, profiles and people, positions that gateways have `applied`, render `events`. */
export type HintKind = 'changes' | 'applied' | 'events';

/**
 * Tells servers that there is something new in the database. A hint may be lost, late or about nothing: it only decides how soon somebody
 * looks. Those of `changes` and `applied` come with the commit; who hears them may have made it.
 */
export interface Hints {
  /** Hints come, as far as is known here. */
  readonly isListening: boolean;
  /** One listener for each. */
  on(kind: HintKind, listener: () => void): void;
  /** To others. */
  sendEvents(): void;
  close(): Promise<void>;
}

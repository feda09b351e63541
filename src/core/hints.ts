/** Tells other servers that there is something new in the database. A hint may be lost, late or about nothing. */
export interface Hints {
  /** `changes` of keys and profiles, or render `events`, made by others. One listener for each. */
  on(kind: 'changes' | 'events', listener: () => void): void;
  send(kind: 'changes' | 'events'): void;
  close(): Promise<void>;
}

/**
 * A map that forgets what was not used for long: it has at most `max` entries, and always the `max / 2` that were used last. They are in two
 * halves: what is used moves to the younger; when that is full it becomes the older one, and what was left in the older is forgotten.
 */
export class EntryCache<Name, Entry> {
  readonly #half: number;
  readonly #onForgotten: () => void;
  #young = new Map<Name, Entry>();
  #old = new Map<Name, Entry>();

  /** `onForgotten` is called each time that entries were. */
  constructor(max: number, onForgotten: () => void) {
    this.#half = Math.max(1, Math.floor(max / 2));
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** A use. */
  get(name: Name): Entry | undefined {
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(name);
    if (old !== undefined) this.set(name, old);
    return old;
  }

  /** No use. */
  peek(name: Name): Entry | undefined {
    return this.#young.get(name) ?? this.#old.get(name);
  }

  set(name: Name, entry: Entry): void {
    this.#old.delete(name);
    if (!this.#young.has(name) && this.#young.size >= this.#half) {
      const forgotten = this.#old.size;
      this.#old = this.#young;
      this.#young = new Map();
      if (forgotten > 0) this.#onForgotten();
    }
    this.#young.set(name, entry);
  }

  delete(name: Name): void {
    this.#young.delete(name);
    this.#old.delete(name);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }
}

/** States that were reached, as bytes, each with the state that it was first reached from. Indexes are in order of arrival. */
export class StateSet {
  readonly #width: number;
  #bytes: Uint8Array;
  #parents: Int32Array;
  /** Open addressing: index + 1 of a state, or 0. */
  #table: Int32Array;
  size = 0;

  constructor(width: number) {
    const capacity = 1 << 14;
    this.#width = width;
    this.#bytes = new Uint8Array(capacity * width);
    this.#parents = new Int32Array(capacity);
    this.#table = new Int32Array(capacity * 2);
  }

  /** Where the bytes of all states are; state `index` is at `index * width`. It moves when states are added. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  parentOf(index: number): number {
    return this.#parents[index] as number;
  }

  /** Returns whether the state is new. */
  add(state: Uint8Array, parent: number): boolean {
    const slot = this.#slotOf(state);
    if (this.#table[slot] !== 0) return false;
    if (this.size === this.#parents.length) {
      this.#grow();
      return this.add(state, parent);
    }
    this.#table[slot] = this.size + 1;
    this.#bytes.set(state, this.size * this.#width);
    this.#parents[this.size] = parent;
    this.size++;
    return true;
  }

  #slotOf(state: Uint8Array): number {
    const mask = this.#table.length - 1;
    let slot = hash(state, 0, this.#width) & mask;
    for (;;) {
      const entry = this.#table[slot] as number;
      if (entry === 0 || this.#equals(state, (entry - 1) * this.#width)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(state: Uint8Array, at: number): boolean {
    for (let offset = 0; offset < this.#width; offset++) if (state[offset] !== this.#bytes[at + offset]) return false;
    return true;
  }

  #grow(): void {
    const capacity = this.#parents.length * 2;
    this.#bytes = grown(this.#bytes, new Uint8Array(capacity * this.#width));
    this.#parents = grown(this.#parents, new Int32Array(capacity));
    this.#table = new Int32Array(capacity * 2);
    const mask = this.#table.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = hash(this.#bytes, index * this.#width, this.#width) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = index + 1;
    }
  }
}

function grown<Numbers extends Uint8Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

/** FNV-1a, with a last mix since only the low bits are used. */
function hash(bytes: Uint8Array, at: number, width: number): number {
  let mixed = 0x811c9dc5;
  for (let offset = at; offset < at + width; offset++) mixed = Math.imul(mixed ^ (bytes[offset] as number), 0x01000193);
  return mixed ^ (mixed >>> 15);
}

import type { SecretHash } from '../core/secret-hash.ts';
import { HASH_WORDS, hashIn, readWords } from './hash-words.ts';

/** What a verdict on a secret needs, and the place of everything else. */
export interface SecretLine {
  /** From 0 on; of this secret for ever. */
  readonly index: number;
  /** First instant at which the secret is refused, whatever becomes of its profile. */
  readonly refusedFrom: number;
  readonly isPrevious: boolean;
  readonly profileIndex: number;
  readonly ownLimitPerMinute: number | null;
  /** Its key has another secret, too, and so a window that is not in this line. */
  readonly hasSharedWindow: boolean;
}

const FIRST_SLOTS = 1 << 10;
const FIRST_CROWDED_SLOTS = 1 << 6;
/** Of random hashes in a table that is half full, about one in 10,000 has to go further. */
const MAX_PROBES = 32;
const MAX_PROFILES = 1 << 24;

/** A line is 64 bytes: eight words of the hash, two numbers, four more words. */
const LINE_BYTES = 64;
/** Large blocks of memory begin 16 bytes behind a page where the allocator keeps their length there, as that of glibc does: so much later is a cache line. */
const TO_NEXT_CACHE_LINE_BYTES = 48;
const WORDS = 16;
const NUMBERS = 8;
const REFUSED_FROM = 4;
const WINDOW_ENDS_AT = 5;
const WINDOW_USED = 12;
const OWN_LIMIT = 13;
/** One more than the index: 0 is an empty line. */
const INDEX = 14;
const PROFILE_AND_FLAGS = 15;
const IS_PREVIOUS = 1;
const HAS_SHARED_WINDOW = 2;
const FLAG_BITS = 8;
const NO_LIMIT = -1;

/** Nowhere. */
export const ABSENT = -1;

/** The words of the hash that is looked for. */
const sought = new Int32Array(HASH_WORDS);

/**
 * Secrets by their whole hash, in one array: a verdict reads one line, which is what the processor fetches from memory at once, where objects
 * would be fetched one after the other. Open addressing: the hash names the slot. Whoever creates keys chooses their hashes, and may choose them
 * alike: what finds no place nearby is `crowded`, behind the others and found by a `Map`, so that no search becomes long. No secret ever leaves.
 */
export class SecretLines {
  /** A power of two, and what is crowded behind it. */
  #hashedSlots = FIRST_SLOTS;
  #words = emptyLines(FIRST_SLOTS + FIRST_CROWDED_SLOTS);
  #numbers = numbersIn(this.#words);
  /** Of those that are not crowded. */
  #size = 0;
  readonly #crowded = new Map<SecretHash, number>();
  #slotsByIndex = new Int32Array(FIRST_SLOTS);

  /** The slot of a secret, or `ABSENT`. Slots change when secrets are added: it is good for as long as `indexAt` says the same. */
  find(hash: SecretHash): number {
    if (!readWords(hash, sought)) return ABSENT;
    const slot = this.#near();
    if (slot === ABSENT) return this.#crowded.get(hash) ?? ABSENT;
    return this.#words[slot * WORDS + INDEX] === 0 ? ABSENT : slot;
  }

  /** Writes what is known of a secret by now. Its window stays as it is; that of a new one is empty. */
  set(hash: SecretHash, line: SecretLine): void {
    if (!readWords(hash, sought)) throw new Error('a secret has a malformed hash');
    if (line.profileIndex >= MAX_PROFILES) throw new RangeError('there are more profiles than lines can name');
    const slot = this.#slotFor(hash);
    const first = slot * WORDS;
    this.#words.set(sought, first);
    this.#words[first + INDEX] = line.index + 1;
    this.#words[first + OWN_LIMIT] = line.ownLimitPerMinute ?? NO_LIMIT;
    const flags = (line.isPrevious ? IS_PREVIOUS : 0) | (line.hasSharedWindow ? HAS_SHARED_WINDOW : 0);
    this.#words[first + PROFILE_AND_FLAGS] = (line.profileIndex << FLAG_BITS) | flags;
    this.#numbers[slot * NUMBERS + REFUSED_FROM] = line.refusedFrom;
    this.#keepSlot(line.index, slot);
    // Half of them stay empty, so that a search is over soon.
    if (this.#size * 2 > this.#hashedSlots) this.#rebuild(this.#hashedSlots * 2, this.#crowdedSlots);
    else if (this.#crowded.size === this.#crowdedSlots) this.#rebuild(this.#hashedSlots, this.#crowdedSlots * 2);
  }

  slotOf(index: number): number {
    return this.#slotsByIndex[index] as number;
  }

  indexAt(slot: number): number {
    return (this.#words[slot * WORDS + INDEX] as number) - 1;
  }

  refusedFrom(slot: number): number {
    return this.#numbers[slot * NUMBERS + REFUSED_FROM] as number;
  }

  isPrevious(slot: number): boolean {
    return ((this.#words[slot * WORDS + PROFILE_AND_FLAGS] as number) & IS_PREVIOUS) !== 0;
  }

  hasSharedWindow(slot: number): boolean {
    return ((this.#words[slot * WORDS + PROFILE_AND_FLAGS] as number) & HAS_SHARED_WINDOW) !== 0;
  }

  profileIndex(slot: number): number {
    return (this.#words[slot * WORDS + PROFILE_AND_FLAGS] as number) >>> FLAG_BITS;
  }

  ownLimit(slot: number): number | null {
    const limit = this.#words[slot * WORDS + OWN_LIMIT] as number;
    return limit === NO_LIMIT ? null : limit;
  }

  used(slot: number): number {
    return this.#words[slot * WORDS + WINDOW_USED] as number;
  }

  setUsed(slot: number, used: number): void {
    this.#words[slot * WORDS + WINDOW_USED] = used;
  }

  endsAt(slot: number): number {
    return this.#numbers[slot * NUMBERS + WINDOW_ENDS_AT] as number;
  }

  setEndsAt(slot: number, endsAt: number): void {
    this.#numbers[slot * NUMBERS + WINDOW_ENDS_AT] = endsAt;
  }

  get #crowdedSlots(): number {
    return this.#words.length / WORDS - this.#hashedSlots;
  }

  /** The slot of the secret that is sought, or the empty one where it would be; `ABSENT` when neither is near. */
  #near(): number {
    const words = this.#words;
    const first = sought[0] as number;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (first + probe) & (this.#hashedSlots - 1);
      const line = slot * WORDS;
      if (words[line + INDEX] === 0 || isSought(words, line)) return slot;
    }
    return ABSENT;
  }

  /** The slot of the secret that is sought, or one that is its own from here on. */
  #slotFor(hash: SecretHash): number {
    const near = this.#near();
    if (near === ABSENT) {
      const known = this.#crowded.get(hash);
      if (known !== undefined) return known;
      const slot = this.#hashedSlots + this.#crowded.size;
      this.#crowded.set(hash, slot);
      return slot;
    }
    if (this.#words[near * WORDS + INDEX] === 0) this.#size += 1;
    return near;
  }

  #keepSlot(index: number, slot: number): void {
    if (index >= this.#slotsByIndex.length) {
      const slots = new Int32Array(this.#slotsByIndex.length * 2);
      slots.set(this.#slotsByIndex);
      this.#slotsByIndex = slots;
    }
    this.#slotsByIndex[index] = slot;
  }

  /** What was crowded may find a place now, and the other way round: each line is placed anew, with its window. */
  #rebuild(hashedSlots: number, crowdedSlots: number, old = this.#words): void {
    this.#hashedSlots = hashedSlots;
    this.#words = emptyLines(hashedSlots + crowdedSlots);
    this.#numbers = numbersIn(this.#words);
    this.#size = 0;
    this.#crowded.clear();
    for (let line = 0; line < old.length; line += WORDS) {
      const index = (old[line + INDEX] as number) - 1;
      if (index === ABSENT) continue;
      let slot = this.#freeNear(old[line] as number);
      if (slot === ABSENT) {
        if (this.#crowded.size === crowdedSlots) {
          this.#rebuild(hashedSlots, crowdedSlots * 2, old);
          return;
        }
        slot = hashedSlots + this.#crowded.size;
        this.#crowded.set(hashIn(old, line), slot);
      } else this.#size += 1;
      for (let word = 0; word < WORDS; word++) this.#words[slot * WORDS + word] = old[line + word] as number;
      this.#slotsByIndex[index] = slot;
    }
  }

  #freeNear(first: number): number {
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (first + probe) & (this.#hashedSlots - 1);
      if (this.#words[slot * WORDS + INDEX] === 0) return slot;
    }
    return ABSENT;
  }
}

function isSought(words: Int32Array, line: number): boolean {
  for (let word = 0; word < HASH_WORDS; word++) if (words[line + word] !== sought[word]) return false;
  return true;
}

function emptyLines(count: number): Int32Array {
  const buffer = new ArrayBuffer(count * LINE_BYTES + TO_NEXT_CACHE_LINE_BYTES);
  return new Int32Array(buffer, TO_NEXT_CACHE_LINE_BYTES);
}

function numbersIn({ buffer, byteOffset }: Int32Array): Float64Array {
  return new Float64Array(buffer, byteOffset);
}

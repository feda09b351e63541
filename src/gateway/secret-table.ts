import type { SecretHash } from '../core/secret-hash.ts';
import type { KnownSecret } from './known-key.ts';

const FIRST_SLOTS = 1 << 10;
/** Of random hashes in a table that is half full, about one in 10,000 has to go further. */
const MAX_PROBES = 32;

/**
 * Secrets by their whole hash, which none ever leaves. Open addressing: a request is answered from two places of memory that its hash
 * names, where a `Map` hashes the 64 characters once more and follows a chain. Whoever creates keys chooses their hashes, and may choose
 * them alike: what finds no place nearby goes to a `Map` all the same, so that no look-up becomes long.
 */
export class SecretTable {
  /** The first 32 bits of the hash in each slot: hardly ever equal, so hardly ever another secret is looked at. */
  #prints = new Int32Array(FIRST_SLOTS);
  #secrets: (KnownSecret | undefined)[] = emptySlots(FIRST_SLOTS);
  #crowded = new Map<SecretHash, KnownSecret>();
  #size = 0;

  get(hash: SecretHash): KnownSecret | undefined {
    const slot = this.#slotOf(hash, printOf(hash));
    return slot === null ? this.#crowded.get(hash) : this.#secrets[slot];
  }

  set(secret: KnownSecret): void {
    const print = printOf(secret.hash);
    const slot = this.#slotOf(secret.hash, print);
    if (slot === null) {
      this.#crowded.set(secret.hash, secret);
      return;
    }
    if (this.#secrets[slot] === undefined) this.#size += 1;
    this.#prints[slot] = print;
    this.#secrets[slot] = secret;
    // Half of them stay empty, so that a search is over soon.
    if (this.#size * 2 > this.#secrets.length) this.#grow();
  }

  /** Where the secret is, or the empty slot where it would be; `null` when neither is near. */
  #slotOf(hash: SecretHash, print: number): number | null {
    const prints = this.#prints;
    const secrets = this.#secrets;
    const mask = secrets.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (print + probe) & mask;
      const secret = secrets[slot];
      if (secret === undefined || (prints[slot] === print && secret.hash === hash)) return slot;
    }
    return null;
  }

  #grow(): void {
    const [secrets, crowded] = [this.#secrets, this.#crowded];
    this.#prints = new Int32Array(secrets.length * 2);
    this.#secrets = emptySlots(secrets.length * 2);
    this.#crowded = new Map();
    this.#size = 0;
    for (const secret of secrets) if (secret !== undefined) this.set(secret);
    for (const secret of crowded.values()) this.set(secret);
  }
}

function emptySlots(count: number): (KnownSecret | undefined)[] {
  return new Array<KnownSecret | undefined>(count).fill(undefined);
}

/** The number that the first eight hexadecimal digits write. */
function printOf(hash: SecretHash): number {
  let print = 0;
  for (let index = 0; index < 8; index++) {
    const code = hash.charCodeAt(index);
    print = (print << 4) | (code - (code > 0x39 ? 0x57 : 0x30));
  }
  return print;
}

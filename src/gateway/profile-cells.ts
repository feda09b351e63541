import type { Profile } from '../core/profile.ts';
import type { KnownProfile } from './known-key.ts';

interface Cell {
  seq: number;
  readonly known: { -readonly [Field in keyof KnownProfile]: KnownProfile[Field] };
}

/** One cell for each profile that a key in memory is of, written in place: a change reaches all its keys at once. */
export class ProfileCells {
  readonly #cells = new Map<string, Cell>();

  get size(): number {
    return this.#cells.size;
  }

  find(id: string): KnownProfile | undefined {
    return this.#cells.get(id)?.known;
  }

  /** The cell, with this state of a snapshot unless it has a newer one. */
  put(profile: Profile, seq: number): KnownProfile {
    const { id, plan, design, archivedAt } = profile;
    const cell = this.#cells.get(id);
    if (cell !== undefined) {
      this.update(profile, seq);
      return cell.known;
    }
    const known = { id, plan, design, archivedAt };
    this.#cells.set(id, { seq, known });
    return known;
  }

  /** The same for a profile that is in memory. */
  update({ id, plan, design, archivedAt }: Profile, seq: number): void {
    const cell = this.#cells.get(id);
    if (cell === undefined || cell.seq > seq) return;
    cell.seq = seq;
    Object.assign(cell.known, { plan, design, archivedAt });
  }

  clear(): void {
    this.#cells.clear();
  }
}

import { addUsage, type JournalPosition, type LastUse, NO_USAGE, type UsageRow } from '../../core/usage.ts';
import { requireWholeNumbers } from './whole-numbers.ts';

/** Counts and last uses of all keys, and positions of journals, in maps. */
export class MemoryUsage {
  readonly #rows = new Map<string, UsageRow>();
  readonly #lastUses = new Map<string, LastUse>();
  readonly #positions = new Map<string, number>();

  /** Adds all or, when one is not well formed, throws and adds nothing. */
  record(rows: readonly UsageRow[], lastUses: readonly LastUse[]): void {
    for (const row of rows) {
      const counts = [row.served, row.clientErrors, row.serverErrors, row.rateLimited, row.refused];
      requireWholeNumbers(row.secretOrdinal, row.hour, ...counts);
      if (Math.min(...counts) < 0) throw new Error(`a count of key ${row.keyId} is negative`);
    }
    for (const use of lastUses) requireWholeNumbers(use.secretOrdinal, use.at);

    for (const row of rows) {
      const place = JSON.stringify([row.keyId, row.secretOrdinal, row.inGrace, row.hour]);
      this.#rows.set(place, { ...row, ...addUsage(this.#rows.get(place) ?? NO_USAGE, row) });
    }
    for (const use of lastUses) {
      const place = JSON.stringify([use.keyId, use.secretOrdinal]);
      const known = this.#lastUses.get(place);
      if (known === undefined || use.at > known.at) this.#lastUses.set(place, use);
    }
  }

  keepPosition(journal: JournalPosition | null): void {
    if (journal !== null) this.#positions.set(journal.epoch, journal.position);
  }

  positionOf(epoch: string): number {
    return this.#positions.get(epoch) ?? 0;
  }

  of(keyId: string, since: number): UsageRow[] {
    return [...this.#rows.values()]
      .filter((row) => row.keyId === keyId && row.hour >= since)
      .sort(
        (left, right) =>
          left.hour - right.hour ||
          left.secretOrdinal - right.secretOrdinal ||
          Number(left.inGrace) - Number(right.inGrace),
      );
  }

  lastUsesOf(keyIds: readonly string[]): LastUse[] {
    return [...this.#lastUses.values()].filter((use) => keyIds.includes(use.keyId));
  }
}

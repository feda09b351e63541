import {
  addRow,
  dayOf,
  emptySum,
  type JournalPosition,
  type LastUse,
  requireCounts,
  type UsagePlace,
  type UsageRow,
  type UsageSum,
} from '../../core/usage.ts';
import { requireWholeNumbers } from '../whole-numbers.ts';

/** Counts and last uses of all keys, and positions of journals, in maps. */
export class MemoryUsage {
  readonly #rows = new Map<string, UsageSum>();
  readonly #lastUses = new Map<string, LastUse>();
  readonly #positions = new Map<string, number>();

  /** Adds all or, when one is not well formed, throws and adds nothing. */
  record(rows: readonly UsageRow[], lastUses: readonly LastUse[]): void {
    for (const row of rows) {
      requireWholeNumbers(row.secretOrdinal, row.hour);
      requireCounts(row);
    }
    for (const use of lastUses) requireWholeNumbers(use.secretOrdinal, use.at);

    for (const row of rows) this.#add(row);
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

  rollUp(before: number, limit: number): number {
    const hours = [...this.#rows.values()].filter(({ hour }) => hour !== dayOf(hour) && hour < before);
    const oldest = hours.sort(byHour).slice(0, limit);
    for (const row of oldest) {
      this.#rows.delete(nameOf(row));
      this.#add({ ...row, hour: dayOf(row.hour) });
    }
    return oldest.length;
  }

  of(keyIds: readonly string[], since: number): UsageRow[] {
    return [...this.#rows.values()]
      .filter((row) => keyIds.includes(row.keyId) && row.hour >= since)
      .sort(byHour)
      .map((row) => ({ ...row, durations: new Map(row.durations) }));
  }

  lastUsesOf(keyIds: readonly string[]): LastUse[] {
    return [...this.#lastUses.values()].filter((use) => keyIds.includes(use.keyId));
  }

  #add(row: UsageRow): void {
    const sum = this.#rows.get(nameOf(row)) ?? emptySum(row);
    addRow(sum, row);
    this.#rows.set(nameOf(row), sum);
  }
}

function nameOf({ keyId, secretOrdinal, inGrace, hour }: UsagePlace): string {
  return JSON.stringify([keyId, secretOrdinal, inGrace, hour]);
}

function byHour(left: UsagePlace, right: UsagePlace): number {
  return (
    left.hour - right.hour ||
    Number(left.keyId > right.keyId) - Number(left.keyId < right.keyId) ||
    left.secretOrdinal - right.secretOrdinal ||
    Number(left.inGrace) - Number(right.inGrace)
  );
}

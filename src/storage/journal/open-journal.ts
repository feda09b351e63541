import { readFileSync, renameSync, rmSync } from 'node:fs';
import { OutkitError } from '../../core/errors.ts';
import { replay } from '../../core/journal-replay.ts';
import type { KeyStore } from '../../core/key-store.ts';
import type { UsageJournal } from '../../core/usage-journal.ts';
import { BATCH_SIZE } from '../../core/usage-tally.ts';
import { JournalFile, type UsageSync } from './journal-file.ts';
import { journalPath, journalsIn, type NamedJournal, syncNames } from './journal-names.ts';
import { readJournal } from './read-journal.ts';

export type { UsageSync } from './journal-file.ts';

export interface JournalOptions {
  /** That of the store, which keeps every other process out of it. */
  readonly directory: string;
  /** 32 hexadecimal digits, another one at each start. */
  readonly epoch: string;
  readonly sync: UsageSync;
  /** `error` is `null` for a notice. */
  readonly onProblem: (what: string, error: unknown) => void;
}

type UsageStore = Pick<KeyStore, 'journalPosition' | 'recordUsage'>;

/**
 * Counts what processes before this one answered and did not get to store, then opens a journal for this one. `data_directory` when
 * files cannot be read or made; what `store` throws.
 */
export async function openUsageJournal(store: UsageStore, options: JournalOptions): Promise<UsageJournal> {
  try {
    return await replayAndOpen(store, options);
  } catch (error) {
    if (error instanceof OutkitError) throw error;
    throw new OutkitError(
      'data_directory',
      `The usage journals in ${options.directory} cannot be used: ${error instanceof Error ? error.message : error}.`,
      'Check permissions and space of that directory.',
      { cause: error },
    );
  }
}

async function replayAndOpen(store: UsageStore, options: JournalOptions): Promise<UsageJournal> {
  const { directory, epoch, sync, onProblem } = options;
  const { journals, unfinished } = journalsIn(directory);
  for (const path of unfinished) rmSync(path);
  for (const journal of journals) await replayJournal(store, journal, onProblem);
  if (journals.length > 0) syncNames(directory);
  const journal = new JournalFile({ directory, path: journalPath(directory, epoch), epoch, sync });
  // From here on the database knows this journal, and so no other database takes it for its own.
  await store.recordUsage({ ...NOTHING, journal: journal.position(), at: 0 });
  return journal;
}

const NOTHING = { rows: [], lastUses: [], events: [] };

/**
 * Stores what is not stored yet, in parts, then removes the file: a crash before, between or behind leaves the same sums. A
 * journal that the database does not know is of one that was replaced by a restore; it is kept under another name, as a damaged one is.
 */
async function replayJournal(
  store: UsageStore,
  { path, epoch }: NamedJournal,
  onProblem: JournalOptions['onProblem'],
): Promise<void> {
  let position = await store.journalPosition(epoch);
  const { header, records, end, damagedAt } = readJournal(readFileSync(path));
  const isDamaged = damagedAt !== null || (header !== null && header.epoch !== epoch);
  if (position === 0) {
    if (records.length === 0 && !isDamaged) rmSync(path);
    else
      setAside(
        path,
        'unknown',
        `${path} belongs to a database that a restore has replaced: it is not counted`,
        onProblem,
      );
    return;
  }
  // What is shorter than what was stored of it lost its end with the power: which of its answers were stored is not known any more.
  while (position <= end) {
    const part = replay(records, position, isDamaged, BATCH_SIZE);
    position = part.position;
    await store.recordUsage({ ...part.counted, journal: { epoch, position }, at: part.latest });
  }
  if (!isDamaged) rmSync(path);
  else
    setAside(path, 'damaged', `${path} is damaged at byte ${damagedAt ?? 0}: what stands before is counted`, onProblem);
}

function setAside(path: string, why: string, what: string, onProblem: JournalOptions['onProblem']): void {
  const aside = `${path}.${why}`;
  renameSync(path, aside);
  onProblem(`${what}, and it is kept as ${aside}`, null);
}

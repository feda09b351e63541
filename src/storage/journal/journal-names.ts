import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Behind the name of a journal that is being made. */
export const UNFINISHED = '.new';

/** A journal by its path, and the epoch in its name. */
export interface NamedJournal {
  readonly path: string;
  readonly epoch: string;
}

export function journalPath(directory: string, epoch: string): string {
  return join(directory, `usage-${epoch}.journal`);
}

/** Journals in the directory, and what was left of making one. */
export function journalsIn(directory: string): { readonly journals: NamedJournal[]; readonly unfinished: string[] } {
  const journals: NamedJournal[] = [];
  const unfinished: string[] = [];
  for (const { name } of readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile())) {
    const [, epoch, ending] = /^usage-([0-9a-f]{32})\.journal(\.new)?$/.exec(name) ?? [];
    if (epoch === undefined) continue;
    if (ending === undefined) journals.push({ path: join(directory, name), epoch });
    else unfinished.push(join(directory, name));
  }
  return { journals, unfinished };
}

/** Brings the names in a directory to the disk. */
export function syncNames(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

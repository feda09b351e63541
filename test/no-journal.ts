import type { UsageJournal } from '../src/core/usage-journal.ts';

/** For counting that need not outlive the process. */
export const NO_JOURNAL: UsageJournal = {
  needsRenewal: false,
  append: () => {},
  requireSound: () => {},
  durable: () => null,
  position: () => null,
  renew: () => {},
  close: async () => {},
};

import { describe } from 'vitest';
import { eventKeepingContract } from './event-store/keeping.ts';
import { eventListContract } from './event-store/lists.ts';
import { type OpenedStore, storePerTest } from './key-store/opened-store.ts';

/** What every storage of render events has to do. `open` gives a new, empty store for each test. */
export function eventStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of a store of events`, () => {
    const opened = storePerTest(open);
    describe('lists', () => eventListContract(opened));
    describe('keeping and removing', () => eventKeepingContract(opened));
  });
}

import { describe } from 'vitest';
import { type OpenedStore, storePerTest } from './key-store/opened-store.ts';
import { announcementContract } from './people-store/announcements.ts';
import { peopleAuditContract } from './people-store/audit.ts';
import { peopleChangeContract } from './people-store/changes.ts';
import { peopleFindContract } from './people-store/finding.ts';
import { peopleRaceContract } from './people-store/races.ts';
import { refusedPeopleContract } from './people-store/refused.ts';

/** What every storage of people has to do. `open` gives a new, empty store for each test. */
export function peopleStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of a store of people`, () => {
    const opened = storePerTest(open);
    describe('founding and finding', () => peopleFindContract(opened));
    describe('changing people', () => peopleChangeContract(opened));
    describe('changes that are wrong', () => refusedPeopleContract(opened));
    describe('races', () => peopleRaceContract(opened));
    describe('the audit log', () => peopleAuditContract(opened));
    describe('announcements', () => announcementContract(opened));
  });
}

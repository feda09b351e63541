import { describe } from 'vitest';
import { auditContract } from './key-store/audit.ts';
import { changeContract } from './key-store/changes.ts';
import { findContract } from './key-store/finding.ts';
import { insertContract } from './key-store/inserting.ts';
import { listContract } from './key-store/lists.ts';
import { type OpenedStore, storePerTest } from './key-store/opened-store.ts';
import { profileChangeContract } from './key-store/profile-changes.ts';
import { profileContract } from './key-store/profiles.ts';
import { raceContract } from './key-store/races.ts';
import { timeContract } from './key-store/times.ts';
import { usageContract } from './key-store/usage.ts';

export type { OpenedStore } from './key-store/opened-store.ts';

/** What every storage of keys has to do. `open` gives a new, empty store for each test. */
export function keyStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of a key store`, () => {
    const opened = storePerTest(open);
    describe('teams and profiles', () => profileContract(opened));
    describe('changing a profile', () => profileChangeContract(opened));
    describe('inserting a key', () => insertContract(opened));
    describe('finding a key', () => findContract(opened));
    describe('lists', () => listContract(opened));
    describe('changing a key', () => changeContract(opened));
    describe('races', () => raceContract(opened));
    describe('the audit log', () => auditContract(opened));
    describe('usage', () => usageContract(opened));
    describe('time and endurance', () => timeContract(opened));
  });
}

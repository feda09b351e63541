import { afterEach, beforeEach } from 'vitest';
import type { KeyStore } from '../../../src/core/key-store.ts';
import type { Store } from '../../../src/storage/store.ts';
import { AUTHOR, OTHER_PROFILE, OTHER_TEAM, PROFILE, SECOND_PROFILE, TEAM } from './samples.ts';

/** A store to try, and how to get rid of it. */
export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens it again on the same data; absent when it keeps none. */
  readonly reopen?: () => Promise<Store>;
  /** Closes what is open and removes all data. */
  readonly cleanup: () => Promise<void>;
}

/** Opens a store before each test and cleans it up afterwards. */
export function storePerTest(open: () => Promise<OpenedStore>): () => OpenedStore {
  let opened: OpenedStore | null = null;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(async () => {
    await opened?.cleanup();
    opened = null;
  });
  return () => {
    if (opened === null) throw new Error('a store is open during tests only');
    return opened;
  };
}

/** Two teams; the first has two profiles, the other one. */
export async function withProfiles<Kept extends KeyStore>({ store }: { readonly store: Kept }): Promise<Kept> {
  await store.insertTeam(TEAM);
  await store.insertTeam(OTHER_TEAM);
  for (const profile of [PROFILE, SECOND_PROFILE, OTHER_PROFILE]) await store.insertProfile(profile, AUTHOR);
  return store;
}

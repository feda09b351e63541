import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/storage/sqlite/open-sqlite-store.ts';
import { eventStoreContract } from './event-store.ts';
import { keyStoreContract, type OpenedStore } from './key-store.ts';
import { peopleStoreContract } from './people-store.ts';

async function open(): Promise<OpenedStore> {
  const directory = await mkdtemp(join(tmpdir(), 'outkit-store-'));
  let store = await openSqliteStore({ directory });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openSqliteStore({ directory });
      return store;
    },
    async cleanup() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

keyStoreContract('SQLite', open);
peopleStoreContract('SQLite', open);
eventStoreContract('SQLite', open);

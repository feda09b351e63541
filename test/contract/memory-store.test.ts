import { MemoryKeyStore } from '../../src/storage/memory/memory-key-store.ts';
import { eventStoreContract } from './event-store.ts';
import { keyStoreContract, type OpenedStore } from './key-store.ts';
import { peopleStoreContract } from './people-store.ts';

async function open(): Promise<OpenedStore> {
  const store = new MemoryKeyStore();
  return { store, cleanup: () => store.close() };
}

keyStoreContract('memory', open);
peopleStoreContract('memory', open);
eventStoreContract('memory', open);

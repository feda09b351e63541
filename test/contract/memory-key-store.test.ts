import { MemoryKeyStore } from '../../src/storage/memory/memory-key-store.ts';
import { keyStoreContract } from './key-store.ts';

keyStoreContract('memory', async () => {
  const store = new MemoryKeyStore();
  return { store, cleanup: () => store.close() };
});

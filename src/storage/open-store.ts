import { OutkitError } from '../core/errors.ts';
import type { KeyStore } from '../core/key-store.ts';

/** Opens the store at a location: a directory. Only what that location needs is loaded. `data_directory`, `invalid_config`. */
export async function openStore(location: string): Promise<KeyStore> {
  if (/^postgres(ql)?:/.test(location)) {
    throw new OutkitError('invalid_config', 'This version keeps its data in a directory only.', 'Name a directory.');
  }
  const { openSqliteStore } = await import('./sqlite/open-sqlite-store.ts');
  return openSqliteStore({ directory: location });
}

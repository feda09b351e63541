import { OutkitError } from '../core/errors.ts';
import type { WithAccountsDatabase } from './accounts-database.ts';
import type { Store } from './store.ts';

export type { Store } from './store.ts';

/**
 * Opens the store at a location: a directory. Only what that location needs is loaded. `data_directory`, `invalid_config`.
 * `onFailed` is called once when storage failed so that nobody knows whether the last change is in it.
 */
export async function openStore(
  location: string,
  onFailed?: (error: OutkitError) => void,
): Promise<Store & WithAccountsDatabase> {
  if (/^postgres(ql)?:/.test(location)) {
    throw new OutkitError('invalid_config', 'This version keeps its data in a directory only.', 'Name a directory.');
  }
  const { openSqliteStore } = await import('./sqlite/open-sqlite-store.ts');
  return openSqliteStore({ directory: location, ...(onFailed && { onFailed }) });
}

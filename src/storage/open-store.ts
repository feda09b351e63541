import type { OutkitError } from '../core/errors.ts';
import type { GatewayStore } from '../core/gateway-store.ts';
import type { Hints } from '../core/hints.ts';
import type { WithAccountsDatabase } from './accounts-database.ts';
import type { Store } from './store.ts';

export type { Store } from './store.ts';

/**
 * Opens the store at a location: a directory, or the `postgres://` URL of a database. Only what that location needs is loaded.
 * `data_directory`, `database_server`, `invalid_config`. `onFailed` is called once when storage failed so that nobody knows whether the
 * last change is in it, and that the store takes no more: a directory may, a database server says it of one change and goes on.
 */
export async function openStore(
  location: string,
  onFailed?: (error: OutkitError) => void,
): Promise<Store & WithAccountsDatabase> {
  if (/^postgres(ql)?:/.test(location)) {
    const { openPostgresStore } = await import('./postgres/open-postgres-store.ts');
    return openPostgresStore(location);
  }
  const { openSqliteStore } = await import('./sqlite/open-sqlite-store.ts');
  return openSqliteStore({ directory: location, ...(onFailed && { onFailed }) });
}

/** What several servers meet in, beside the store. */
export interface SharedStore {
  readonly gateways: GatewayStore;
  readonly hints: Hints;
  /** Does what no two servers may do at once. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** Of the database of a store that `openStore` has opened. */
export async function openSharedStore(url: string): Promise<SharedStore> {
  const { PostgresGatewayStore } = await import('./postgres/postgres-gateway-store.ts');
  const { PostgresHints } = await import('./postgres/postgres-hints.ts');
  const { alone } = await import('./postgres/postgres-alone.ts');
  const gateways = new PostgresGatewayStore(url);
  const hints = new PostgresHints(url);
  return {
    gateways,
    hints,
    alone: (work) => alone(url, work),
    async close() {
      await hints.close();
      await gateways.close();
    },
  };
}

/** Takes a directory for this process, where it keeps what is not in the database yet. `data_directory`. */
export async function takeDirectory(directory: string): Promise<{ release(): void }> {
  const { takeDataDirectory } = await import('./sqlite/data-directory-of-server.ts');
  return takeDataDirectory(directory);
}

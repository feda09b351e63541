import type { Dialect } from 'kysely';

/** The database of a store, for the library that keeps accounts in it: what that runs never mixes with a transaction of the store. */
export interface AccountsDatabase {
  readonly dialect: Dialect;
  readonly type: 'sqlite' | 'postgres';
}

export interface WithAccountsDatabase {
  readonly accountsDatabase: AccountsDatabase;
}

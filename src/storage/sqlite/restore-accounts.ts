import { CompiledQuery } from 'kysely';
import type { Script } from '../sql/script.ts';

/** What lets a person or a device in without a password. */
const SIGNED_IN = ['auth_session', 'auth_device_code'] as const;

export interface PasswordHash {
  readonly userId: string;
  readonly password: string;
}

/** Signs everybody out, and devices that wait away: who was so since the backup must not come back by it. */
export function* endSessions(): Script<void> {
  for (const table of SIGNED_IN) if (yield* isThere(table)) yield CompiledQuery.raw(`delete from ${table}`);
}

/** The password of each person who has one, hashed. */
export function* allPasswords(): Script<readonly PasswordHash[]> {
  if (!(yield* isThere('auth_account'))) return [];
  const rows = yield CompiledQuery.raw(
    `select "userId", password from auth_account where "providerId" = 'credential' and password is not null`,
  );
  return rows as readonly PasswordHash[];
}

/** Keeps the passwords that the replaced database has: one that was changed since the backup may be known to somebody else. */
export function* takeOverPasswords(passwords: readonly PasswordHash[]): Script<void> {
  if (!(yield* isThere('auth_account'))) return;
  for (const { userId, password } of passwords) {
    yield CompiledQuery.raw(`update auth_account set password = ? where "userId" = ? and "providerId" = 'credential'`, [
      password,
      userId,
    ]);
  }
}

/** A database of before there were accounts has no tables for them. */
function* isThere(table: string): Script<boolean> {
  const rows = yield CompiledQuery.raw(`select 1 from sqlite_schema where type = 'table' and name = ?`, [table]);
  return rows.length > 0;
}

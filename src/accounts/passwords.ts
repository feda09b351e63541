import type { DBTransactionAdapter } from 'better-auth';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import type { Clock } from '../core/clock.ts';

/** What better-auth calls accounts that are a password. */
export const PASSWORD_PROVIDER = 'credential';

/** A hash that no password has, in the form of those that somebody has: checking it takes the same work. */
const NOBODYS_HASH = `${'0'.repeat(32)}:${'0'.repeat(128)}`;

/** What of better-auth's adapter is used, in a transaction or outside. */
type AccountRows = Pick<DBTransactionAdapter, 'create' | 'findOne' | 'update'>;

/** Passwords by better-auth's scrypt (N 16384, r 16, p 1), each in an account row of its person. */
export function createPasswords(adapter: AccountRows, clock: Clock) {
  const insert = async (transaction: AccountRows, personId: string, hash: string): Promise<void> => {
    const at = new Date(clock.now());
    const owner = { userId: personId, providerId: PASSWORD_PROVIDER, accountId: personId };
    const data = { ...owner, password: hash, createdAt: at, updatedAt: at };
    await transaction.create({ model: 'account', data });
  };
  return {
    hash: hashPassword,
    insert,
    async replace(transaction: AccountRows, personId: string, hash: string): Promise<void> {
      const update = { password: hash, updatedAt: new Date(clock.now()) };
      const row = await transaction.update({ model: 'account', where: passwordOf(personId), update });
      if (row === null) await insert(transaction, personId, hash);
    },
    /** False for nobody and for a person without a password, too, after the same work as for a wrong one. */
    async check(personId: string | null, password: string): Promise<boolean> {
      const row = await adapter.findOne<{ password: string | null }>({
        model: 'account',
        where: passwordOf(personId ?? ''),
      });
      const hash = row?.password ?? null;
      const isRight = await verifyPassword({ hash: hash ?? NOBODYS_HASH, password });
      return isRight && hash !== null;
    },
  };
}

function passwordOf(personId: string) {
  return [
    { field: 'userId', value: personId },
    { field: 'providerId', value: PASSWORD_PROVIDER },
  ];
}

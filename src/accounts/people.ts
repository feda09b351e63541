import type { Accounts, Identity, Person } from '../core/accounts.ts';
import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { Auth } from './auth.ts';
import { createPasswords, PASSWORD_PROVIDER } from './passwords.ts';

export interface PersonRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

type People = Pick<
  Accounts,
  | 'findPerson'
  | 'findPersonByEmail'
  | 'findPeople'
  | 'createPerson'
  | 'setPassword'
  | 'checkPassword'
  | 'findPersonByIdentity'
  | 'linkIdentity'
>;

/** People, their passwords, and their identities elsewhere: rows of better-auth's accounts with the issuer as provider. */
export function people({ adapter }: Awaited<Auth['$context']>, clock: Clock): People {
  const passwords = createPasswords(adapter, clock);
  const justNow = () => ({ createdAt: new Date(clock.now()), updatedAt: new Date(clock.now()) });
  const findBy = async (field: 'id' | 'email', value: string): Promise<Person | null> => {
    const row = await adapter.findOne<PersonRow>({ model: 'user', where: [{ field, value }] });
    return row && personOf(row);
  };
  const findPersonByEmail = (email: string) => findBy('email', email.toLowerCase());
  const findPersonByIdentity = async ({ issuer, subject }: Identity): Promise<Person | null> => {
    if (issuer === PASSWORD_PROVIDER) return null;
    const where = [
      { field: 'providerId', value: issuer },
      { field: 'accountId', value: subject },
    ];
    const account = await adapter.findOne<{ userId: string }>({ model: 'account', where });
    return account && findBy('id', account.userId);
  };

  return {
    findPerson: (personId) => findBy('id', personId),
    findPersonByEmail,
    findPersonByIdentity,
    async findPeople(personIds) {
      if (personIds.length === 0) return [];
      const where = [{ field: 'id', operator: 'in' as const, value: [...personIds] }];
      const rows = await adapter.findMany<PersonRow>({ model: 'user', where, limit: personIds.length });
      return rows.map(personOf);
    },
    async createPerson({ email: written, name, password }) {
      const email = written.toLowerCase();
      // Hashed before the transaction: nobody else writes while it is open.
      const hash = password === null ? null : await passwords.hash(password);
      try {
        return await adapter.transaction(async (transaction) => {
          const data = { email, name, ...justNow() };
          const user = await transaction.create<typeof data, PersonRow>({ model: 'user', data });
          if (hash !== null) await passwords.insert(transaction, user.id, hash);
          return personOf(user);
        });
      } catch (error) {
        // The unique index decides between two that come at once; only who lost needs to know why.
        if ((await findPersonByEmail(email)) !== null) return null;
        throw error;
      }
    },
    async linkIdentity(personId, identity) {
      const { issuer, subject } = identity;
      if (issuer === PASSWORD_PROVIDER) throw new OutkitError('invalid_config', 'An issuer is a URL.');
      try {
        const data = { userId: personId, providerId: issuer, accountId: subject, ...justNow() };
        await adapter.create({ model: 'account', data });
      } catch (error) {
        const owner = await findPersonByIdentity(identity);
        if (owner === null) throw error;
        if (owner.id !== personId) throw new OutkitError('forbidden', 'That account is linked to another person.');
      }
    },
    async setPassword(personId, password) {
      const hash = await passwords.hash(password);
      await adapter.transaction((transaction) => passwords.replace(transaction, personId, hash));
    },
    async checkPassword(email, password) {
      const person = await findPersonByEmail(email);
      const isRight = await passwords.check(person?.id ?? null, password);
      return isRight ? person : null;
    },
  };
}

export function personOf({ id, email, name }: PersonRow): Person {
  return { id, email, name };
}

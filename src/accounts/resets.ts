import type { Accounts, Person } from '../core/accounts.ts';
import { type Clock, HOUR_MS } from '../core/clock.ts';
import type { FillRandom } from '../core/secret.ts';
import { hashOfToken, newToken } from '../core/token.ts';
import type { Auth } from './auth.ts';
import { type PersonRow, personOf } from './people.ts';

/** How long the link of a mail or of the operator is good. */
const RESET_LIFE_MS = HOUR_MS;
const TOKEN_PATTERN = /^okr_[A-Za-z0-9_-]{43}$/;

interface ResetRow {
  readonly id: string;
  readonly value: string;
  readonly expiresAt: Date;
}

type Resets = Pick<Accounts, 'createReset' | 'findReset' | 'takeReset'>;

/** Links by which a person sets a new password: rows of better-auth's verifications, with the SHA-256 of the token as identifier. */
export function resets(
  { adapter }: Awaited<Auth['$context']>,
  { clock, fillRandom }: { clock: Clock; fillRandom: FillRandom },
): Resets {
  const identifierOf = (token: string) => `reset ${hashOfToken(token)}`;
  const where = (token: string) => [{ field: 'identifier', value: identifierOf(token) }];
  const personOfRow = async (row: ResetRow | null): Promise<Person | null> => {
    if (row === null || row.expiresAt.getTime() <= clock.now()) return null;
    const person = await adapter.findOne<PersonRow>({ model: 'user', where: [{ field: 'id', value: row.value }] });
    return person && personOf(person);
  };
  return {
    async createReset(personId) {
      // Of one person one link is good, and those of others that are too old go with it.
      const now = new Date(clock.now());
      await adapter.deleteMany({ model: 'verification', where: [{ field: 'value', value: personId }] });
      await adapter.deleteMany({
        model: 'verification',
        where: [{ field: 'expiresAt', operator: 'lte', value: now }],
      });
      const token = `okr_${newToken(fillRandom)}`;
      const expiresAt = new Date(now.getTime() + RESET_LIFE_MS);
      const data = { identifier: identifierOf(token), value: personId, expiresAt, createdAt: now, updatedAt: now };
      await adapter.create({ model: 'verification', data });
      return token;
    },
    async findReset(token) {
      if (!TOKEN_PATTERN.test(token)) return null;
      return personOfRow(await adapter.findOne<ResetRow>({ model: 'verification', where: where(token) }));
    },
    async takeReset(token) {
      if (!TOKEN_PATTERN.test(token)) return null;
      return personOfRow(await adapter.consumeOne<ResetRow>({ model: 'verification', where: where(token) }));
    },
  };
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Accounts } from '../core/accounts.ts';
import { type AskingDevice, type AuthParts, openAuth } from './auth.ts';
import { deviceGrants } from './devices.ts';
import { people } from './people.ts';
import { resets } from './resets.ts';
import { createSessions } from './sessions.ts';

/**
 * Accounts by better-auth in the database of the store. Brings its tables to the schema of this version first. Times are by the clock
 * that is passed in, but for two: the clock of the machine, which better-auth takes, says how far apart two polls of a device are, and
 * ends the code of a device where it is ahead of ours.
 */
export async function createAccounts(parts: AuthParts): Promise<Accounts> {
  const asking = new AsyncLocalStorage<AskingDevice>();
  const auth = await openAuth(parts, asking);
  const context = await auth.$context;
  const sessions = createSessions(context, parts);
  const { discard, ...ofPeople } = sessions;
  const devices = deviceGrants(auth, context, { discard, clock: parts.clock, asking });
  return { ...people(context, parts.clock), ...resets(context, parts), ...ofPeople, devices };
}

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Accounts } from '../core/accounts.ts';
import { type AskingDevice, type AuthParts, openAuth } from './auth.ts';
import { deviceGrants } from './devices.ts';
import { createPasswords } from './passwords.ts';
import { people } from './people.ts';
import { createSessions } from './sessions.ts';

/**
 * Accounts by better-auth in the database of the store. Brings its tables to the schema of this version first. When sessions and
 * devices end is judged by the clock that is passed in; `created_at` of people, and the time between two polls of a device, are by the
 * clock of the machine, which better-auth takes.
 */
export async function createAccounts(parts: AuthParts): Promise<Accounts> {
  const asking = new AsyncLocalStorage<AskingDevice>();
  const auth = await openAuth(parts, asking);
  const context = await auth.$context;
  const sessions = createSessions(context, parts);
  const { discard, ...ofPeople } = sessions;
  const devices = deviceGrants(auth, context, { discard, clock: parts.clock, asking });
  return { ...people(context, createPasswords(context.adapter)), ...ofPeople, devices };
}

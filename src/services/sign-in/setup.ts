import type { Person } from '../../core/accounts.ts';
import type { AuditAuthor } from '../../core/audit.ts';
import { claimTeam } from '../../core/membership.ts';
import type { SignInService } from '../../core/sign-in-service.ts';
import { isSameToken } from '../../core/token.ts';
import { changedPeople } from '../people-services.ts';
import { foundTeam } from '../team-services.ts';
import { type SignInPorts, type SignInTools, wrong } from './sign-in-tools.ts';

type OwnerPorts = Pick<SignInPorts, 'store' | 'accounts' | 'clock' | 'fillRandom'>;

interface OwnerAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** The first owner of a server comes in by a link that the server printed. */
export function setup(tools: SignInTools): Pick<SignInService, 'isSetUp' | 'setUp'> {
  const { store, attempts, start, authorBefore } = tools;
  let { setupToken } = tools;
  return {
    isSetUp: () => store.hasOwner(),
    async setUp({ token, ...account }, origin) {
      await attempts.count('setup', { ip: origin.ip, account: null });
      const isSetUp = await store.hasOwner();
      const claimed = setupToken;
      if (claimed === null || isSetUp || !isSameToken(token, claimed)) throw wrong('This setup link is not valid');
      // Taken before anything changes: of two who have the link one becomes the owner.
      setupToken = null;
      try {
        return await start(await makeOwner(tools, account, authorBefore(account.email, origin)), 'setup', origin);
      } finally {
        if (!(await store.hasOwner())) setupToken = claimed;
      }
    },
  };
}

/** Makes somebody the owner of a server that has none: of every team that has no owner, or of a first team. */
export async function makeOwner(
  ports: OwnerPorts,
  account: OwnerAccount & { readonly teamName: string },
  author: AuditAuthor,
): Promise<Person> {
  const { store, clock } = ports;
  const person = await accountOfOperator(ports, account);
  const teams = await store.listTeams();
  for (const { id } of teams) {
    await changedPeople(store, id, author, 'person', (people) => claimTeam(people, person.id, clock.now()));
  }
  if (teams.length === 0) await foundTeam(ports, account.teamName, person.id, author);
  return person;
}

/** Whoever sets up the server speaks for its operator: an account that is there already gets the new password, and is signed out. */
async function accountOfOperator(
  { accounts }: Pick<OwnerPorts, 'accounts'>,
  { email, name, password }: OwnerAccount,
): Promise<Person> {
  const created = await accounts.createPerson({ email, name, password });
  if (created !== null) return created;
  const found = await accounts.findPersonByEmail(email);
  if (found === null) throw new Error('an address is taken by nobody');
  await accounts.setPassword(found.id, password);
  await accounts.endSessions(found.id, null);
  return found;
}

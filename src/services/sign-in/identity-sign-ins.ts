import type { Origin, Person } from '../../core/accounts.ts';
import { acceptInvitation, isEnded } from '../../core/membership.ts';
import type { SignInService } from '../../core/sign-in-service.ts';
import { announced } from '../announced.ts';
import { personChange } from '../me-services.ts';
import { changedPeople } from '../people-services.ts';
import { type SignInTools, wrong } from './sign-in-tools.ts';

/** People whom an identity provider knows. Its word that an address is theirs is worth what a link sent to that address is. */
export function identitySignIns(tools: SignInTools): Pick<SignInService, 'signInBy'> {
  const { store, accounts, clock, start, audited, authorBefore } = tools;
  return {
    async signInBy({ issuer, subject, email, isEmailVerified }, origin) {
      const identity = { issuer, subject };
      const known = await accounts.findPersonByIdentity(identity);
      if (known !== null) return start(known, 'identity', origin);
      const person = email === null || !isEmailVerified ? null : await personOf(email.toLowerCase(), origin);
      if (person === null) throw wrong('Nobody here has the verified address of that account: ask for an invitation');
      const change = personChange('person.identity', person.id, { email: person.email, issuer });
      await audited(person, origin, change, () => accounts.linkIdentity(person.id, identity));
      return start(person, 'identity', origin);
    },
  };

  /** The person with that address, or one who is invited by it, and is then in those teams. */
  async function personOf(address: string, origin: Origin): Promise<Person | null> {
    const found = await accounts.findPersonByEmail(address);
    if (found !== null) return found;
    const open = (await store.invitationsFor(address)).filter((invitation) => !isEnded(invitation, clock.now()));
    if (open.length === 0) return null;
    const author = authorBefore(address, origin);
    const account = { email: address, name: address.split('@')[0] ?? address, password: null };
    const change = personChange('person.create', address, { email: address, name: account.name });
    const teamIds = open.map(({ teamId }) => teamId);
    const person = await announced(store, teamIds, author, change, () => accounts.createPerson(account));
    if (person === null) return accounts.findPersonByEmail(address);
    for (const { id, teamId } of open) {
      await changedPeople(store, teamId, author, 'invitation', (people) =>
        acceptInvitation(people, id, person.id, clock.now()),
      );
    }
    return person;
  }
}

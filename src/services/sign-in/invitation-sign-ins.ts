import type { Origin } from '../../core/accounts.ts';
import type { AuditAuthor } from '../../core/audit.ts';
import type { OutkitError } from '../../core/errors.ts';
import { acceptInvitation, type Invitation, isEnded } from '../../core/membership.ts';
import type { SignInService } from '../../core/sign-in-service.ts';
import { hashOfToken } from '../../core/token.ts';
import { announced } from '../announced.ts';
import { authorOfPerson, personChange } from '../me-services.ts';
import { changedPeople } from '../people-services.ts';
import { forbidden, peopleRefusal } from '../refusals.ts';
import { type SignInTools, wrong } from './sign-in-tools.ts';

type InvitationSignIns = Pick<SignInService, 'findInvitation' | 'acceptInvitation' | 'acceptInvitationAs'>;

/** People who come by the link of an invitation. */
export function invitationSignIns(tools: SignInTools): InvitationSignIns {
  const { store, accounts, attempts, clock, start, authorBefore } = tools;
  return {
    async findInvitation(token, origin) {
      const { teamId, email, role, expiresAt } = await openInvitation(token, origin);
      const team = (await store.findPeople(teamId))?.team;
      if (team === undefined) throw peopleRefusal('invitation_ended');
      const hasAccount = (await accounts.findPersonByEmail(email)) !== null;
      return { teamName: team.name, email, role, expiresAt, hasAccount };
    },
    async acceptInvitation(token, { name, password }, origin) {
      const invitation = await openInvitation(token, origin);
      const { teamId, email } = invitation;
      // Before a password is hashed and anything is written down: whoever has the link can do this as often as they like.
      if ((await accounts.findPersonByEmail(email)) !== null) throw hasAccount();
      const author = authorBefore(email, origin);
      const change = personChange('person.create', email, { email, name });
      const person = await announced(store, [teamId], author, change, async () => {
        // Without a password until they are in: an invitation that ends meanwhile leaves no account that somebody else has a way into.
        const created = await accounts.createPerson({ email, name, password: null });
        if (created === null) throw hasAccount();
        return created;
      });
      await join(invitation, person.id, author);
      const set = personChange('person.password', person.id, { email, by: 'invitation' });
      await announced(store, [teamId], author, set, () => accounts.setPassword(person.id, password));
      return start(person, 'invitation', origin);
    },
    async acceptInvitationAs(who, token) {
      const invitation = await openInvitation(token, who.origin);
      if (invitation.email !== who.person.email) throw forbidden('This invitation is for another address than yours');
      await join(invitation, who.person.id, authorOfPerson(who, clock));
    },
  };

  /** The invitation of a link that still opens something. Links that never were count as guesses. */
  async function openInvitation(token: string, { ip }: Origin): Promise<Invitation> {
    const by = { ip, account: null };
    await attempts.count('invitation', by);
    const found = await store.findInvitation(hashOfToken(token));
    if (found === null || isEnded(found, clock.now())) throw peopleRefusal('invitation_ended');
    await attempts.forgive('invitation', by);
    return found;
  }

  async function join({ id, teamId }: Invitation, personId: string, author: AuditAuthor): Promise<void> {
    await changedPeople(store, teamId, author, 'invitation', (people) =>
      acceptInvitation(people, id, personId, clock.now()),
    );
  }
}

function hasAccount(): OutkitError {
  return wrong('There is an account with this address: sign in, then join');
}

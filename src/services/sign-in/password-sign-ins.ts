import type { SignInService } from '../../core/sign-in-service.ts';
import { personChange } from '../me-services.ts';
import { type SignInTools, wrong } from './sign-in-tools.ts';

type PasswordSignIns = Pick<SignInService, 'signIn' | 'changePassword'>;

/** People with a password. */
export function passwordSignIns({ accounts, checked, start, auditedBy }: SignInTools): PasswordSignIns {
  return {
    async signIn(email, password, origin) {
      const person = await checked(email, password, origin);
      if (person === null) throw wrong('E-mail or password is wrong');
      return start(person, 'password', origin);
    },
    async changePassword(who, current, next) {
      const { person, session, origin } = who;
      if ((await checked(person.email, current, origin)) === null) throw wrong('The current password is wrong');
      await auditedBy(who, personChange('person.password', person.id, { email: person.email }), async () => {
        await accounts.setPassword(person.id, next);
        await accounts.endSessions(person.id, session.id);
      });
    },
  };
}

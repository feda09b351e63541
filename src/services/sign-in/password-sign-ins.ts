import type { SignInService } from '../../core/sign-in-service.ts';
import { personChange } from '../me-services.ts';
import { type SignInTools, wrong } from './sign-in-tools.ts';

type PasswordSignIns = Pick<SignInService, 'signIn' | 'changePassword'>;

const WRONG = 'E-mail or password is wrong';

/** People with a password. */
export function passwordSignIns({ accounts, checked, start, auditedBy }: SignInTools): PasswordSignIns {
  /** Sign-ins under way: a password that was right when it was looked at may be the old one when the session starts. */
  const underWay = new Set<{ readonly email: string; isOld: boolean }>();
  return {
    async signIn(email, password, origin) {
      const one = { email, isOld: false };
      underWay.add(one);
      try {
        const person = await checked(email, password, origin);
        if (person === null) throw wrong(WRONG);
        return await start(person, 'password', origin, () => {
          if (one.isOld) throw wrong(WRONG);
        });
      } finally {
        underWay.delete(one);
      }
    },
    async changePassword(who, current, next) {
      const { person, session, origin } = who;
      if ((await checked(person.email, current, origin)) === null) throw wrong('The current password is wrong');
      await auditedBy(who, personChange('person.password', person.id, { email: person.email }), async () => {
        await accounts.setPassword(person.id, next);
        for (const one of underWay) one.isOld ||= one.email === person.email;
        await accounts.endSessions(person.id, session.id);
      });
    },
  };
}

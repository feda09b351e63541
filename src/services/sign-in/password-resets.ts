import type { Origin } from '../../core/accounts.ts';
import { OutkitError } from '../../core/errors.ts';
import type { SendMail } from '../../core/mail.ts';
import type { SignInService } from '../../core/sign-in-service.ts';
import { resetLink } from '../links.ts';
import { resetMail } from '../mails.ts';
import { personChange } from '../me-services.ts';
import type { SignInTools } from './sign-in-tools.ts';

type PasswordResets = Pick<SignInService, 'canMailReset' | 'requestReset' | 'findReset' | 'resetPassword'>;

/** People who forgot their password: by the link of a mail, or one that the operator hands over. */
export function passwordResets(tools: SignInTools): PasswordResets {
  const { accounts, attempts, sendMail, publicUrl, audited, start, onProblem } = tools;
  return {
    canMailReset: () => sendMail !== null,
    async requestReset(email, origin) {
      await attempts.count('reset_request', { ip: origin.ip, account: email });
      if (sendMail === null) return;
      // Not waited for: how long it takes would tell who has an account.
      mailReset(sendMail, email, origin).catch((error) => onProblem('a link for a new password was not sent', error));
    },
    async findReset(token, { ip }) {
      const by = { ip, account: null };
      await attempts.count('reset', by);
      const person = await accounts.findReset(token);
      if (person === null) throw ended();
      await attempts.forgive('reset', by);
      return person;
    },
    async resetPassword(token, password, origin) {
      await attempts.count('reset', { ip: origin.ip, account: null });
      const person = await accounts.takeReset(token);
      if (person === null) throw ended();
      const change = personChange('person.password', person.id, { email: person.email, by: 'reset link' });
      await audited(person, origin, change, async () => {
        await accounts.setPassword(person.id, password);
        await accounts.endSessions(person.id, null);
      });
      return start(person, 'reset', origin);
    },
  };

  async function mailReset(send: SendMail, email: string, origin: Origin): Promise<void> {
    const person = await accounts.findPersonByEmail(email);
    if (person === null) return;
    const link = resetLink(publicUrl, await accounts.createReset(person.id));
    await send(resetMail(person.email, origin.ip, link));
  }
}

function ended(): OutkitError {
  return new OutkitError('not_found', 'This link was used, or is too old', 'ask for another one');
}

import { DAY_MS } from '../core/clock.ts';
import type { Mail } from '../core/mail.ts';
import { INVITATION_LIFE_MS } from '../core/membership.ts';

export function invitationMail(to: string, inviter: string, team: string, link: string): Mail {
  return {
    to,
    subject: `Invitation to ${team} on Outkit`,
    text: lines(
      `${inviter} invites you to the team ${team} on Outkit.`,
      `Open this link within ${INVITATION_LIFE_MS / DAY_MS} days to come in: ${link}`,
      'It works once, and for you alone. If you did not expect it, do nothing.',
    ),
  };
}

/** `ip` is where it was asked for. */
export function resetMail(to: string, ip: string, link: string): Mail {
  return {
    to,
    subject: 'A new password for Outkit',
    text: lines(
      `Somebody, from ${ip}, asked for a new password for your account on Outkit.`,
      `Open this link within an hour to set one: ${link}`,
      'It works once, and signs you out everywhere. If it was not you, do nothing: your password stays as it is.',
    ),
  };
}

function lines(...paragraphs: readonly string[]): string {
  return `${paragraphs.join('\n\n')}\n`;
}

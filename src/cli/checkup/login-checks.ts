import { isoTime } from '../../api/bounds.ts';
import { DAY_MS } from '../../core/clock.ts';
import { commandLine } from '../command-line.ts';
import type { CredentialSource } from '../server-choice.ts';
import { type Finding, fail, judged, pass, skip, warn } from './check.ts';
import { known } from './fact.ts';
import type { Facts } from './facts.ts';

const ENDS_SOON_MS = 3 * DAY_MS;

const NAMES: Readonly<Record<CredentialSource, string>> = {
  OUTKIT_TOKEN: 'OUTKIT_TOKEN',
  'outkit dev': 'the credential of outkit dev, which only you can read',
  keychain: 'the login in the keychain',
  file: 'the login in a file that only you can read',
};

/** What is kept of logins: a file that others can get at is a problem, whichever credential is used. */
export function checkLogins({ logins }: Pick<Facts, 'logins'>): Finding {
  return judged(logins, (kept) => {
    if (kept.length === 0) return pass('no login is kept here');
    return pass(kept.map(({ server, keptIn }) => `${server} (${keptIn})`).join(', '));
  });
}

export function checkCredential(facts: Pick<Facts, 'credential' | 'profiles' | 'me' | 'server' | 'now'>): Finding {
  const { credential, profiles, me, now } = facts;
  return judged(credential, (source) => {
    const name = NAMES[source];
    if (profiles.kind === 'not_looked') return skip(`${name}: not tried, the server does not answer`);
    if (profiles.kind === 'failed') return fail(`${name}: ${profiles.what}`, profiles.fix);
    const session = known(me)?.session ?? null;
    if (session === null || session.expiresAt - now >= ENDS_SOON_MS) return pass(`${name}: the server takes it`);
    const url = known(facts.server)?.url ?? '';
    const detail = `${name}: the server takes it until ${isoTime(session.expiresAt)}`;
    return warn(detail, commandLine(['login', '--api-url', url]));
  });
}

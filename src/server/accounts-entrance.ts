import type { FastifyInstance } from 'fastify';
import { memoryAttempts } from '../accounts/attempts.ts';
import { createAccounts } from '../accounts/create-accounts.ts';
import { createIdentityProvider } from '../accounts/identity-provider.ts';
import { createMailer } from '../accounts/mail.ts';
import type { Accounts } from '../core/accounts.ts';
import type { Clock } from '../core/clock.ts';
import { OutkitError } from '../core/errors.ts';
import type { FillRandom } from '../core/secret.ts';
import { newToken } from '../core/token.ts';
import { resetLink, setupLink } from '../services/links.ts';
import { meServices } from '../services/me-services.ts';
import { makeOwner } from '../services/sign-in/setup.ts';
import { signInServices } from '../services/sign-in/sign-in-services.ts';
import type { WithAccountsDatabase } from '../storage/accounts-database.ts';
import type { Store } from '../storage/store.ts';
import type { OidcSettings } from './account-settings.ts';
import type { PeopleOfServer } from './control/access.ts';
import { accountIdentity } from './control/account-identity.ts';
import type { Identify } from './control/identity.ts';
import { readDashboardFiles } from './dashboard/dashboard-files.ts';
import { addPages } from './pages/add-pages.ts';
import { derivedKey } from './pages/derived-key.ts';
import type { IdentityProvider } from './pages/page-options.ts';
import type { ServeConfig } from './serve-config.ts';
import type { ServeOptions } from './serve-options.ts';

/** Who may ask a server, and what it knows of people. */
export interface Entrance {
  readonly identify: Identify;
  /** `null` on a server without accounts. */
  readonly people: PeopleOfServer | null;
}

type EntranceOptions = Pick<ServeOptions, 'config' | 'onSetupLink' | 'resetEmail' | 'onResetLink'>;

interface EntranceParts {
  readonly store: Store & WithAccountsDatabase;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
  readonly onProblem: (what: string, error: unknown) => void;
}

/** Until its owner calls it otherwise. */
const FIRST_TEAM = 'Team';

/**
 * People with accounts: puts the pages by which they come in on the server. When nobody owns it yet, the owner of the configuration is
 * made, or a link is told that makes one.
 */
export async function accountsEntrance(
  app: FastifyInstance,
  parts: EntranceParts,
  { config, onSetupLink, resetEmail, onResetLink }: EntranceOptions,
): Promise<Entrance> {
  const { store, clock, fillRandom, onProblem } = parts;
  const { publicUrl, secret, owner } = config;
  const accounts = await createAccounts({
    database: store.accountsDatabase,
    secret,
    baseUrl: publicUrl,
    clock,
    fillRandom,
    onProblem,
  });
  const ports = { store, accounts, clock, fillRandom };
  const isOwned = await store.hasOwner();
  if (!isOwned && owner !== null) {
    const author = { actor: 'server', session: null, client: null, ip: null, at: clock.now() };
    await makeOwner(ports, { ...owner, teamName: FIRST_TEAM }, author);
  }
  const setupToken = isOwned || owner !== null ? null : setupTokenOf(config, fillRandom);
  const sendMail = config.smtp === null ? null : createMailer(config.smtp, onProblem);
  const signIn = signInServices({ ...ports, attempts: memoryAttempts(), publicUrl, sendMail, onProblem, setupToken });
  addPages(app, {
    signIn,
    findSession: accounts.findSession,
    me: (who) => meServices(ports, who),
    publicUrl,
    secret: Buffer.from(secret),
    provider: config.oidc === null ? null : providerOf(config.oidc, publicUrl),
    clock,
    fillRandom,
    dashboard: await readDashboardFiles(),
  });
  if (resetEmail !== null) onResetLink(resetLink(publicUrl, await resetToken(accounts, resetEmail)));
  if (setupToken !== null) onSetupLink(setupLink(publicUrl, setupToken));
  return {
    identify: accountIdentity({ accounts, store, publicUrl }),
    people: { accounts, publicUrl, sendMail },
  };
}

/** Where several servers may be asked, a link has to open whichever it comes to; it opens nothing once there is an owner. */
function setupTokenOf({ databaseUrl, secret }: ServeConfig, fillRandom: FillRandom): string {
  if (databaseUrl === null) return newToken(fillRandom);
  return Buffer.from(derivedKey(Buffer.from(secret), 'setup')).toString('base64url');
}

async function resetToken(accounts: Accounts, email: string): Promise<string> {
  const person = await accounts.findPersonByEmail(email);
  if (person !== null) return accounts.createReset(person.id);
  throw new OutkitError('not_found', 'Nobody here has the address of --reset-password', 'outkit people list');
}

function providerOf({ label, ...settings }: OidcSettings, publicUrl: string): IdentityProvider {
  const redirectUri = `${publicUrl}/sign-in/oidc/callback`;
  return { label, ...createIdentityProvider({ ...settings, redirectUri }) };
}

import type { Accounts } from '../../core/accounts.ts';
import type { Clock } from '../../core/clock.ts';
import type { MeService } from '../../core/people-service.ts';
import type { FillRandom } from '../../core/secret.ts';
import type { ProvidedIdentity, SignedIn, SignInService } from '../../core/sign-in-service.ts';
import type { DashboardFiles } from '../dashboard/dashboard-files.ts';

/** An identity provider by which people may sign in (OpenID Connect). */
export interface IdentityProvider {
  /** For "Continue with …". */
  readonly label: string;
  /** Where to send the browser, and what `finish` needs later: JSON, at most 2 KB. `unavailable` when the provider does not answer. */
  start(): Promise<{ url: string; state: object }>;
  /** `unauthenticated` for an answer that is wrong, forged or a refusal; `unavailable` when the provider does not answer. */
  finish(callbackUrl: URL, state: object): Promise<ProvidedIdentity>;
}

/** What the pages stand on. */
export interface PageOptions {
  readonly signIn: SignInService;
  readonly findSession: Accounts['findSession'];
  /** The account of somebody signed in. */
  readonly me: (who: SignedIn) => MeService;
  /** Origin under which people reach the server, such as `https://keys.example.com`. */
  readonly publicUrl: string;
  /** Of the server, at least 32 random bytes: what is sealed or signed for a browser holds as long as it stays. */
  readonly secret: Uint8Array;
  readonly provider: IdentityProvider | null;
  /** `null` when it was not built: then the plain pages are all there is. */
  readonly dashboard: DashboardFiles | null;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
}

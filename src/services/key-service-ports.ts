import type { AuditAuthor } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Key } from '../core/key.ts';
import type { GatewayReport, LimitScope, RateLimitHeadroom } from '../core/key-service.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { PeopleStore } from '../core/people-store.ts';
import type { Profile } from '../core/profile.ts';
import type { FillRandom } from '../core/secret.ts';
import type { Cursors } from './cursor.ts';

/** Who asks. Comes from the credential of the request, never from its body. */
export interface Requester {
  /** Stands in `createdBy` and `revokedBy`, and in the audit log. */
  readonly name: string;
  /** Id of the person; `null` for the credential of `outkit dev`, which is nobody's. */
  readonly personId: string | null;
  /** Id of the person's session. */
  readonly session: string | null;
  /** The user agent, as it may be kept. */
  readonly client: string;
  readonly ip: string;
}

/** Somebody who asks for something in a team. */
export interface Caller extends Requester {
  readonly teamId: string;
}

/** What the services need of the gateways. */
export interface Gateways {
  /** Resolves when the change is in force at every gateway. */
  putInForce(key: Key): Promise<GatewayReport>;
  /** The same for a profile: its keys are judged, limited and answered by it from then on. */
  putProfileInForce(profile: Profile): Promise<GatewayReport>;
  /** What is left of a limit, requests a minute, of a key. */
  headroomOf(keyId: string, limit: number): Promise<RateLimitHeadroom>;
  readonly limitScope: LimitScope;
  /** Resolves when every answer given so far is in the store, or could not be written: then it is kept for later, and reported. */
  flushUsage(): Promise<void>;
}

/** The caller as the audit log names them. */
export function authorOf({ name, session, client, ip }: Requester, clock: Clock): AuditAuthor {
  return { actor: name, session, client, ip, at: clock.now() };
}

export interface KeyServicePorts {
  readonly store: KeyStore & PeopleStore;
  readonly gateways: Gateways;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
}

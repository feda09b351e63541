import type { Latency } from './durations.ts';
import type { Environment } from './environment.ts';
import type { Key, KeyStatus } from './key.ts';
import type { KeyUpdate } from './key-update.ts';
import type { PlaintextSecret } from './secret.ts';
import type { SecretHash } from './secret-hash.ts';
import type { SeriesStep, UsagePoint, UsageTotals } from './usage-series.ts';

/** What the side that minted a secret tells of it: never the plaintext. */
export interface MintedSecret {
  readonly hash: SecretHash;
  readonly start: string;
}

export interface CreateKey {
  readonly profileId: string;
  readonly name: string;
  readonly environment: Environment;
  readonly rateLimitPerMinute: number | null;
  readonly expiresAt: number | null;
  /** `null` lets the server mint: then the answer carries the plaintext, once. */
  readonly secret: MintedSecret | null;
}

/** A secret that nobody can use any more. */
export interface EndedSecret {
  readonly start: string;
  readonly createdAt: number;
  readonly endedAt: number;
  readonly reason: 'superseded' | 'expired' | 'revoked';
}

/** A key as people see it. Times are epoch milliseconds. */
export interface KeySummary
  extends Pick<
    Key,
    | 'id'
    | 'name'
    | 'profileId'
    | 'environment'
    | 'rateLimitPerMinute'
    | 'createdAt'
    | 'createdBy'
    | 'expiresAt'
    | 'revokedAt'
    | 'revokeReason'
  > {
  /** Start of the current secret. */
  readonly start: string;
  readonly status: KeyStatus;
  readonly lastUsedAt: number | null;
  readonly previousSecret: PreviousSecret | null;
  readonly endedSecrets: readonly EndedSecret[];
}

export interface PreviousSecret {
  readonly start: string;
  readonly acceptedUntil: number;
  readonly lastUsedAt: number | null;
}

export interface CreatedKey extends KeySummary {
  /** Only when the server minted, and only in the first answer. */
  readonly key: PlaintextSecret | null;
}

export interface KeyPage {
  readonly data: readonly KeySummary[];
  /** Opaque; `null` on the last page. */
  readonly nextCursor: string | null;
}

/** What a key was used for in the last 24 hours. */
export interface KeyActivity {
  readonly id: string;
  /** Served requests of each hour, from that of `since` to the present one. */
  readonly served: readonly number[];
  /** Of all these hours together: errors of client and server, requests over the limit, refusals. */
  readonly errors: number;
  readonly rateLimited: number;
  readonly refused: number;
}

export interface KeyActivityPage {
  /** Start of the first hour. */
  readonly since: number;
  readonly data: readonly KeyActivity[];
  /** As in the list. */
  readonly nextCursor: string | null;
}

export interface ListKeys {
  readonly profileId: string;
  readonly includeEnded: boolean;
  readonly cursor: string | null;
  /** 1 to 100. */
  readonly limit: number;
}

export interface CallerUse {
  readonly at: number;
  readonly ip: string;
  readonly agent: string;
}

/** Use of the old secret in a grace window. */
export interface PreviousSecretUse {
  readonly start: string;
  readonly supersededAt: number;
  readonly acceptedUntil: number;
  /** Answers to the old secret in the window, and their part of all answers; `null` when there were none at all. */
  readonly answered: number;
  readonly share: number | null;
  readonly lastUse: CallerUse | null;
  /** The new secret is in use, and the old one was not used since the rotation, or not in the last 4 hours. */
  readonly safeToEnd: boolean;
}

/** Use of the current secret since it was minted: tells whether somebody holds it. */
export interface CurrentSecretUse {
  readonly start: string;
  readonly lastUse: CallerUse | null;
}

export interface KeyStats extends UsageTotals {
  readonly id: string;
  readonly name: string;
  readonly profileId: string;
  readonly environment: Environment;
  readonly status: KeyStatus;
  /** The window is whole hours: from the start of the hour that `windowMs` ago lies in. Beyond 30 days it is whole days. */
  readonly windowMs: number;
  readonly since: number;
  readonly errorRate: number | null;
  /** Of the accepted requests, to the end of their answers; `null` when there was none. */
  readonly latency: Latency | null;
  readonly lastUsedAt: number | null;
  /** Counted at each gateway for itself, `remaining` is that of the one that was asked. */
  readonly rateLimit: RateLimitHeadroom & { readonly scope: LimitScope };
  readonly currentSecret: CurrentSecretUse;
  readonly previousSecret: PreviousSecretUse | null;
  /** What a point of the series stands for. */
  readonly step: SeriesStep;
  readonly series: readonly UsagePoint[];
}

/** Whether the requests of a key are counted together at all gateways, or at each for itself. */
export const LIMIT_SCOPES = ['shared', 'per-gateway'] as const;

export type LimitScope = (typeof LIMIT_SCOPES)[number];

export interface RateLimitHeadroom {
  /** Requests a minute. */
  readonly limit: number;
  readonly remaining: number;
  /** When all of the limit is free again; `null` when it is free now. */
  readonly resetAt: number | null;
}

export interface RotateKey {
  /** How long the old secret is accepted from now on. Ignored with `replaceNew`: there the old one keeps its end. */
  readonly graceMs: number;
  /** Mint again inside a grace window, because the new secret was lost. */
  readonly replaceNew: boolean;
  readonly secret: MintedSecret | null;
}

export type RotatedKey = CreatedKey;

/** Where a change is in force when the call returns. */
export interface GatewayReport {
  readonly confirmed: number;
  /** Gateways that did not say so, and that can admit nothing any more by what they knew before. */
  readonly waitedOut: number;
  readonly ms: number;
  /** Labels of those. */
  readonly unconfirmed: readonly string[];
}

export interface RevokedKey {
  readonly id: string;
  readonly revokedAt: number;
  readonly gateways: GatewayReport;
}

/** A key whose limit, end or grace window is another one now. */
export interface ChangedKey extends KeySummary {
  readonly gateways: GatewayReport;
}

/** A key found by a secret's hash, and what that secret is to it. */
export interface KeyOfSecret {
  readonly key: KeySummary;
  readonly secret: 'current' | 'previous' | 'ended';
}

/**
 * The life of keys, as every side speaks it: the services in the server and the HTTP client implement it, and one suite runs over both.
 * It is bound to one caller. Every method throws an {@link OutkitError}; `not_found` covers missing and foreign ids alike,
 * `bad_request` input outside the bounds, and the codes named at each method come on top.
 */
export interface KeyService {
  /** `hash_in_use` unless it is the same request again while that secret is accepted: then the same key and the same answer. */
  create(request: CreateKey): Promise<CreatedKey>;
  list(query: ListKeys): Promise<KeyPage>;
  /** Of the keys that `list` answers for the same query, in its order. */
  activity(query: ListKeys): Promise<KeyActivityPage>;
  find(keyId: string): Promise<KeySummary>;
  /** Keys of the team whose id starts with `prefix` (`key_` and at least 4 more), ended ones too; at most 10. */
  findByPrefix(prefix: string): Promise<readonly KeySummary[]>;
  findByHash(hash: SecretHash): Promise<KeyOfSecret>;
  /**
   * `windowMs` from one hour to 365 days; hours are there for 30 days. Without a step it is the one that suits the window. Reading
   * spends nothing of the limit.
   */
  stats(keyId: string, windowMs: number, step?: SeriesStep): Promise<KeyStats>;
  /** `key_not_active`. The new limit and end are in force everywhere when it returns. Repeating it changes nothing more. */
  update(keyId: string, update: KeyUpdate): Promise<ChangedKey>;
  /** `key_not_active`, `rotation_in_progress`, `no_rotation` (with `replaceNew`), `hash_in_use`. Safe to repeat like `create`. */
  rotate(keyId: string, request: RotateKey): Promise<RotatedKey>;
  /** `key_not_active`, `no_rotation`. */
  endGrace(keyId: string): Promise<ChangedKey>;
  /** `key_not_active`, `no_rotation`, `grace_too_long`. */
  extendGrace(keyId: string, byMs: number): Promise<ChangedKey>;
  /** `key_not_active`, `no_rotation`. */
  cancelRotation(keyId: string): Promise<ChangedKey>;
  /** When it returns, the key is refused everywhere. Repeating it answers with the first time. */
  revoke(keyId: string, reason: string | null): Promise<RevokedKey>;
}

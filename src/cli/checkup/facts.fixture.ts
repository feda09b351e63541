import type { KeySummary } from '../../core/key-service.ts';
import type { ProfileSummary } from '../../core/profile-service.ts';
import { startOf } from '../../core/secret.ts';
import { hashSecret } from '../../core/secret-hash.ts';
import { newSecret } from '../env-file/project.fixture.ts';
import { NOON, PROFILE, SERVER } from '../machine.fixture.ts';
import { VERSION } from '../version.ts';
import type { BuildSearch } from './build-search.ts';
import type { EnvFileFacts } from './env-file-facts.ts';
import type { Fact } from './fact.ts';
import type { Facts } from './facts.ts';
import type { SecretState, SecretStates } from './secret-state.ts';
import { type SeenSecret, seenValue } from './seen-secret.ts';

export const KEY_ID = 'key_7hq3m2xk9tqw4bnz';

export function knownFact<T>(value: T): Fact<T> {
  return { kind: 'known', value };
}

export function failedFact<T>(what: string, fix: string | null): Fact<T> {
  return { kind: 'failed', what, fix };
}

export function notLookedFact<T>(why: string): Fact<T> {
  return { kind: 'not_looked', why };
}

/** A project in which all is well: a running `outkit dev`, and an ignored env file with an active key. */
export function healthyFacts(more: Partial<Facts> = {}): Facts {
  const plaintext = newSecret();
  const secret = seenOf(plaintext);
  return {
    now: NOON,
    node: { version: 'v24.21.0', path: '/usr/bin/node' },
    trustsAnybody: false,
    config: knownFact({ config: { profile: PROFILE, path: '/app/outkit.json' }, warnings: [] }),
    server: knownFact({ url: SERVER, source: 'dev', dataDirectory: '/app/.outkit', hasEnded: false, unusedDev: null }),
    health: knownFact({
      health: { status: 'ok', version: VERSION, time: NOON },
      sentAt: NOON - 2,
      receivedAt: NOON + 2,
    }),
    certificate: knownFact(null),
    logins: knownFact([]),
    credential: knownFact('outkit dev'),
    me: knownFact({ person: null, session: null, teams: [] }),
    profiles: knownFact([profile()]),
    envFile: knownFact(envFile({ variables: [{ name: 'OUTKIT_API_KEY', line: 2, value: seenValue(plaintext) }] })),
    browserVariables: knownFact([]),
    builds: knownFact(buildSearch()),
    environmentKey: null,
    tree: knownFact({ found: [], files: 12, isComplete: true }),
    history: knownFact({ found: [], commits: 34, oversized: 0, incomplete: null }),
    states: statesWith(secret, liveState()),
    ...more,
  };
}

export function envFile(more: Partial<EnvFileFacts> = {}): EnvFileFacts {
  return {
    path: '/app/.env.local',
    shownPath: '.env.local',
    exists: true,
    refusal: null,
    gitStatus: 'ignored',
    isReadableByOthers: false,
    variables: [],
    ...more,
  };
}

export function buildSearch(more: Partial<BuildSearch> = {}): BuildSearch {
  const nothing = { oversized: 0, unreadable: 0, links: 0 };
  return { folders: ['dist'], found: [], files: 3, leftOut: nothing, stoppedBy: null, ...more };
}

export function profile(more: Partial<ProfileSummary> = {}): ProfileSummary {
  return {
    id: PROFILE,
    teamId: 'team_2222222222222222',
    name: 'Default',
    plan: 'pro',
    design: {},
    createdAt: NOON,
    archivedAt: null,
    ...more,
  };
}

export function seenOf(plaintext: string): SeenSecret {
  return { start: startOf(plaintext), hash: hashSecret(plaintext) };
}

export function statesWith(secret: SeenSecret, state: SecretState): SecretStates {
  return new Map([[secret.hash, knownFact(state)]]);
}

export type KnownState = Extract<SecretState, { kind: 'known' }>;

/** The current secret of an active key, unless told otherwise. */
export function liveState(
  more: Partial<Omit<KnownState, 'kind' | 'key'>> = {},
  key: Partial<KeySummary> = {},
): KnownState {
  return { kind: 'known', key: { ...summary(), ...key }, secret: 'current', stats: stats(88), ...more };
}

export function summary(): KeySummary {
  return {
    id: KEY_ID,
    name: 'dev key',
    profileId: PROFILE,
    environment: 'development',
    rateLimitPerMinute: null,
    createdAt: NOON,
    createdBy: 'local',
    expiresAt: null,
    revokedAt: null,
    revokeReason: null,
    start: 'okd_AbC1',
    status: 'active',
    lastUsedAt: null,
    previousSecret: null,
    endedSecrets: [],
  };
}

export function stats(remaining: number): NonNullable<KnownState['stats']> {
  return {
    ...summary(),
    windowMs: 0,
    since: NOON,
    served: 0,
    clientErrors: 0,
    serverErrors: 0,
    rateLimited: 0,
    refused: 0,
    refusals: { revoked: 0, superseded: 0, expired: 0, archived: 0 },
    errorRate: null,
    latency: null,
    rateLimit: { limit: 100, remaining, resetAt: NOON + 22_400, scope: 'shared' },
    currentSecret: { start: 'okd_AbC1', lastUse: null },
    previousSecret: null,
    step: 'hour',
    series: [],
  };
}

import { DAY_MS } from '../core/clock.ts';
import { currentSecret, isAcceptedSecret, type Key, type KeyStatus } from '../core/key.ts';
import type { KeyOfSecret, KeyService, KeySummary, ListKeys } from '../core/key-service.ts';
import { PLANS, type Profile } from '../core/profile.ts';
import { defaultStep, windowStart } from '../core/usage-series.ts';
import { activityOf } from './key-activity.ts';
import { profileOf } from './key-profile.ts';
import type { Caller, KeyServicePorts } from './key-service-ports.ts';
import { firstHour, statsOf } from './key-stats.ts';
import { summaryOf } from './key-summary.ts';
import { missing } from './refusals.ts';

/** Of a search by the start of an id. */
export const MAX_PREFIX_MATCHES = 10;

type KeyReads = Pick<KeyService, 'list' | 'activity' | 'find' | 'findByPrefix' | 'findByHash' | 'stats'>;

interface KeysOfPage {
  readonly keys: readonly Key[];
  readonly nextCursor: string | null;
}

/** The reading half of the key service, for one caller. */
export function keyReads({ store, gateways, cursors, clock }: KeyServicePorts, { teamId }: Caller): KeyReads {
  return {
    async list(query) {
      const { keys, nextCursor } = await pageOf(query);
      return { data: await summaries(keys), nextCursor };
    },
    async activity(query) {
      await gateways.flushUsage();
      const { keys, nextCursor } = await pageOf(query);
      const now = clock.now();
      const since = windowStart(DAY_MS, now);
      const ids = keys.map(({ id }) => id);
      return { since, data: activityOf(ids, await store.usageOfKeys(ids, since), since, now), nextCursor };
    },
    async find(keyId) {
      return summary(await existing(keyId));
    },
    async findByPrefix(prefix) {
      return summaries(await store.keysByIdPrefix(teamId, prefix, MAX_PREFIX_MATCHES));
    },
    async findByHash(hash) {
      const key = await store.findKeyByHash(hash);
      if (key === null || key.teamId !== teamId) throw missing('key');
      const found = await summary(key);
      return { key: found, secret: roleOf(key, found.status, hash, clock.now()) };
    },
    async stats(keyId, windowMs, step = defaultStep(windowMs)) {
      await gateways.flushUsage();
      const key = await existing(keyId);
      const now = clock.now();
      const profile = await profileOf(store, key);
      const [rows, lastUses, rateLimit] = await Promise.all([
        store.usageOf(keyId, firstHour(key, windowMs, now)),
        store.lastUsesOf([keyId]),
        gateways.headroomOf(keyId, key.rateLimitPerMinute ?? PLANS[profile.plan].rateLimitPerMinute),
      ]);
      const limitWithScope = { ...rateLimit, scope: gateways.limitScope };
      return statsOf({ key, profile, rows, lastUses, rateLimit: limitWithScope, windowMs, step, now });
    },
  };

  async function pageOf({ profileId, includeEnded, cursor, limit }: ListKeys): Promise<KeysOfPage> {
    const profile = await store.findProfile(teamId, profileId);
    if (profile === null) throw missing('profile');
    // The keys of an archived profile have all ended.
    if (profile.archivedAt !== null && !includeEnded) return { keys: [], nextCursor: null };
    const listName = `${teamId} ${profileId} ${includeEnded}`;
    const after = cursor === null ? null : cursors.read(listName, cursor);
    const query = { profileId, includeEnded, now: clock.now(), after, limit: limit + 1 };
    const found = await store.listKeys(teamId, query);
    const keys = found.slice(0, limit);
    const last = keys.at(-1);
    const nextCursor = last === undefined || found.length <= limit ? null : cursors.write(listName, last);
    return { keys, nextCursor };
  }

  async function existing(keyId: string): Promise<Key> {
    const key = await store.findKey(teamId, keyId);
    if (key === null) throw missing('key');
    return key;
  }

  async function summary(key: Key): Promise<KeySummary> {
    const [only] = await summaries([key]);
    return only as KeySummary;
  }

  async function summaries(keys: readonly Key[]): Promise<KeySummary[]> {
    await gateways.flushUsage();
    const lastUses = await store.lastUsesOf(keys.map((key) => key.id));
    const profiles = new Map<string, Profile>();
    for (const key of keys) {
      if (!profiles.has(key.profileId)) profiles.set(key.profileId, await profileOf(store, key));
    }
    return keys.map((key) => summaryOf(key, profiles.get(key.profileId) as Profile, lastUses, clock.now()));
  }
}

/** What a secret is to its key. The secrets of a revoked, expired or archived key are all ended. */
function roleOf(key: Key, status: KeyStatus, hash: string, now: number): KeyOfSecret['secret'] {
  const isUsable = status === 'active' || status === 'rotating';
  const secret = key.secrets.find((candidate) => candidate.hash === hash);
  if (!isUsable || secret === undefined || !isAcceptedSecret(secret, now)) return 'ended';
  return currentSecret(key).hash === hash ? 'current' : 'previous';
}

import { newId } from '../core/clock.ts';
import { currentSecret, isPast, type Key } from '../core/key.ts';
import type {
  ChangedKey,
  CreatedKey,
  CreateKey,
  GatewayReport,
  KeyService,
  MintedSecret,
} from '../core/key-service.ts';
import type { KeyChange } from '../core/key-store.ts';
import { updateKey } from '../core/key-update.ts';
import * as rotation from '../core/rotation.ts';
import { keyInStandingProfile, profileOf, standingProfile } from './key-profile.ts';
import { authorOf, type Caller, type KeyServicePorts } from './key-service-ports.ts';
import { summaryOf } from './key-summary.ts';
import { isSameRequest, type Minted, mintedFor } from './minted-secret.ts';
import { applied, endMustLieAhead, hashInUse, missing } from './refusals.ts';
import { requestDigest } from './request-digest.ts';

type KeyChanges = Omit<KeyService, 'list' | 'activity' | 'find' | 'findByPrefix' | 'findByHash' | 'stats'>;

const UNENDED = { supersededAt: null, acceptedUntil: null, revokedAt: null };

/** A key as it is now, and where it is in force. */
interface InForce {
  readonly key: Key;
  readonly report: GatewayReport;
}

/** The changing half of the key service, for one caller. Every change is in force before its promise resolves. */
export function keyChanges(ports: KeyServicePorts, caller: Caller): KeyChanges {
  const { store, gateways, clock, fillRandom } = ports;
  const author = () => authorOf(caller, clock);

  return {
    async create({ secret, ...request }) {
      await standingProfile(store, caller.teamId, request.profileId);
      const now = clock.now();
      if (isPast(request.expiresAt, now)) throw endMustLieAhead();
      const minted = mintedFor(request.environment, secret, fillRandom);
      const key = newKey(newId('key', fillRandom), caller, request, minted, now);
      const { kind } = await store.insertKey(key, author());
      if (kind === 'hash_in_use') {
        return created(await createdBefore(minted, currentSecret(key).requestDigest), minted);
      }
      await gateways.putInForce(key);
      return created(key, minted);
    },

    update: (keyId, update) =>
      changeStanding(keyId, (key, now) => {
        if (isPast(update.expiresAt ?? null, now)) throw endMustLieAhead();
        return updateKey(key, update, now);
      }),

    async rotate(keyId, { secret, graceMs, replaceNew }) {
      const found = await keyInStandingProfile(store, caller.teamId, keyId);
      const minted = mintedFor(found.environment, secret, fillRandom);
      const digest = requestDigest('rotate', [keyId, graceMs, replaceNew]);
      const newSecret = { hash: minted.hash, start: minted.start, requestDigest: digest };
      const { key } = await change(keyId, (key, now) => {
        if (isSameRequest(key, minted, digest, now)) return { key: null, result: key };
        const decision = replaceNew
          ? rotation.replaceNew(key, newSecret, now)
          : rotation.rotate(key, newSecret, graceMs, now);
        return changedTo(applied(decision));
      });
      return created(key, minted);
    },

    endGrace: (keyId) => changeStanding(keyId, rotation.endGrace),
    extendGrace: (keyId, byMs) => changeStanding(keyId, (key, now) => rotation.extendGrace(key, byMs, now)),
    cancelRotation: (keyId) => changeStanding(keyId, rotation.cancelRotation),

    async revoke(keyId, reason) {
      const { key, report } = await change(keyId, (found, now) => {
        const decision = rotation.revoke(found, caller.name, reason, now);
        return decision.kind === 'changed' ? changedTo(decision.key) : { key: null, result: found };
      });
      return { id: key.id, revokedAt: key.revokedAt as number, gateways: report };
    },
  };

  async function changeStanding(
    keyId: string,
    decide: (key: Key, now: number) => rotation.KeyDecision<rotation.RotationRefusal> | { readonly kind: 'unchanged' },
  ): Promise<ChangedKey> {
    await keyInStandingProfile(store, caller.teamId, keyId);
    const { key, report } = await change(keyId, (found, now) => {
      const decision = decide(found, now);
      return decision.kind === 'unchanged' ? { key: null, result: found } : changedTo(applied(decision));
    });
    return { ...(await summary(key)), gateways: report };
  }

  /** Changes a key and puts it in force. Also when nothing changed: whoever asks again may do so because an answer was lost. */
  async function change(keyId: string, decide: (key: Key, now: number) => KeyChange<Key>): Promise<InForce> {
    const outcome = await store.change(caller.teamId, keyId, author(), (key) => decide(key, clock.now()));
    if (outcome.kind === 'not_found') throw missing('key');
    if (outcome.kind === 'hash_in_use') throw hashInUse();
    return { key: outcome.result, report: await gateways.putInForce(outcome.result) };
  }

  /** The key of a create that was sent before, or `hash_in_use`: nothing is said about whose the hash is. */
  async function createdBefore(minted: MintedSecret, digest: string): Promise<Key> {
    const found = await store.findKeyByHash(minted.hash);
    if (found === null || found.teamId !== caller.teamId) throw hashInUse();
    const { key } = await change(found.id, (key, now) => {
      if (!isSameRequest(key, minted, digest, now)) throw hashInUse();
      return { key: null, result: key };
    });
    return key;
  }

  async function created(key: Key, minted: Minted): Promise<CreatedKey> {
    return { ...(await summary(key)), start: minted.start, key: minted.plaintext };
  }

  async function summary(key: Key) {
    const profile = await profileOf(store, key);
    return summaryOf(key, profile, await store.lastUsesOf([key.id]), clock.now());
  }
}

function newKey(id: string, caller: Caller, request: Omit<CreateKey, 'secret'>, minted: Minted, now: number): Key {
  const { profileId, name, environment, rateLimitPerMinute, expiresAt } = request;
  const digest = requestDigest('create', [profileId, name, environment, rateLimitPerMinute, expiresAt]);
  const { hash, start } = minted;
  return {
    ...request,
    id,
    teamId: caller.teamId,
    createdAt: now,
    createdBy: caller.name,
    revokedAt: null,
    revokedBy: null,
    revokeReason: null,
    version: 1,
    secrets: [{ hash, start, ordinal: 1, createdAt: now, requestDigest: digest, ...UNENDED }],
  };
}

function changedTo(key: Key): KeyChange<Key> {
  return { key, result: key };
}

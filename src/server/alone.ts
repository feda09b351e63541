import { setTimeout as sleep } from 'node:timers/promises';
import { OutkitError } from '../core/errors.ts';
import type { GatewayMember, GatewayStore } from '../core/gateway-store.ts';
import { LEASE_MS } from '../gateway/lease.ts';

/**
 * For a gateway that counts requests for itself: with others on the same database, a key could be used as often as its limit says at each
 * of them, and nobody would have wanted that. `invalid_config` when another one runs. One that ended without a word takes a moment to
 * be told from one that runs.
 */
export async function requireAlone(
  store: Pick<GatewayStore, 'standingMembers'>,
  ownEpoch: string | null,
): Promise<void> {
  const before = await othersOf(store, ownEpoch);
  if (before.length === 0) return;
  await sleep(LEASE_MS);
  const seenBefore = new Map(before.map(({ epoch, seenAt }) => [epoch, seenAt]));
  const running = (await othersOf(store, ownEpoch)).find(({ epoch, seenAt }) => seenAt !== seenBefore.get(epoch));
  if (running === undefined) return;
  throw new OutkitError(
    'invalid_config',
    `Another gateway, ${running.label}, serves this database, and each would count the requests of a key for itself.`,
    'Give all of them the same REDIS_URL, or --limits per-gateway if that is wanted.',
  );
}

async function othersOf(
  store: Pick<GatewayStore, 'standingMembers'>,
  ownEpoch: string | null,
): Promise<readonly GatewayMember[]> {
  const { members } = await store.standingMembers();
  return members.filter(({ epoch, retiredAt }) => epoch !== ownEpoch && retiredAt === null);
}

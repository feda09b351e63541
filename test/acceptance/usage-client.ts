import { mintedOf, newPlaintext } from './durability-model.ts';
import type { ServerProcess } from './durability-server.ts';

/** A key, and what a request with it is answered. */
export interface UsedKey {
  readonly id: string;
  readonly plaintext: string;
  readonly statuses: readonly number[];
}

export const KINDS = ['accepted', 'limited', 'revoked'] as const;

/** A key that is accepted, one that is over its limit after one request, and one that is revoked. */
export async function makeKeys({
  keys,
  profileId,
}: Pick<ServerProcess, 'keys' | 'profileId'>): Promise<Record<(typeof KINDS)[number], UsedKey>> {
  const make = async (rateLimitPerMinute: number, statuses: readonly number[]): Promise<UsedKey> => {
    const plaintext = newPlaintext();
    const secret = mintedOf(plaintext);
    const wanted = {
      profileId,
      name: 'counted',
      environment: 'development',
      rateLimitPerMinute,
      expiresAt: null,
    } as const;
    return { id: (await keys.create({ ...wanted, secret })).id, plaintext, statuses };
  };
  const revoked = await make(1, [401]);
  await keys.revoke(revoked.id, null);
  return { accepted: await make(1_000_000_000, [200, 422]), limited: await make(1, [200, 429]), revoked };
}

/** What a client knows of the answers that it received whole. */
export class Tally {
  /** Status by request, of keys that are accepted. */
  readonly statuses = new Map<string, number>();
  /** Number of answers by key and status. */
  readonly counts = new Map<string, number>();
  /** Requests that were sent and not answered, by key. */
  readonly lost = new Map<string, number>();

  answered({ id }: UsedKey, status: number, requestId: string): void {
    this.statuses.set(requestId, status);
    add(this.counts, `${id} ${status}`);
  }

  unanswered({ id }: UsedKey): void {
    add(this.lost, id);
  }
}

function add(counts: Map<string, number>, place: string): void {
  counts.set(place, (counts.get(place) ?? 0) + 1);
}

/** Sends one request after the other until the server is gone. `below` decides what it sends. */
export async function requestUntilCut(
  url: string,
  keys: readonly UsedKey[],
  below: (end: number) => number,
  tally: Tally,
): Promise<void> {
  for (;;) {
    const key = keys[below(keys.length)] as UsedKey;
    const body = JSON.stringify(below(4) === 0 ? {} : { content: '# Title\n\n- [ ] task\n'.repeat(1 + below(60)) });
    const query = below(2) === 0 ? '' : '?stream=false';
    try {
      const answer = await fetch(`${url}/render/enhance${query}`, {
        method: 'POST',
        headers: { 'x-outkit-api-key': key.plaintext, 'content-type': 'application/json' },
        body,
      });
      await answer.text();
      tally.answered(key, answer.status, answer.headers.get('x-request-id') ?? '');
    } catch {
      tally.unanswered(key);
      return;
    }
  }
}

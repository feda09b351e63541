import { DEFAULT_WINDOW_MS } from '../../api/key-requests.ts';
import { OutkitError } from '../../core/errors.ts';
import type { KeyOfSecret, KeyService, KeyStats } from '../../core/key-service.ts';
import type { SecretHash } from '../../core/secret-hash.ts';
import { type Fact, lookAfter } from './fact.ts';
import type { SeenSecret } from './seen-secret.ts';

/** What the server knows of a secret, asked by its hash. `stats` is `null` for one that has ended. */
export type SecretState =
  | { readonly kind: 'unknown' }
  | ({ readonly kind: 'known'; readonly stats: KeyStats | null } & KeyOfSecret);

export type SecretStates = ReadonlyMap<SecretHash, Fact<SecretState>>;

/** More different keys than this have no place in one project; what is beyond counts as not asked. */
const MAX_SECRETS = 100;

/** Asks for each secret once. */
export async function statesOf(secrets: readonly SeenSecret[], keys: Fact<KeyService>): Promise<SecretStates> {
  const hashes = [...new Set(secrets.map(({ hash }) => hash))].slice(0, MAX_SECRETS);
  const states = hashes.map(async (hash) => {
    const state = await lookAfter(keys, 'needs a server that takes the credential', (service) =>
      stateOf(hash, service),
    );
    return [hash, state] as const;
  });
  return new Map(await Promise.all(states));
}

export async function stateOf(hash: SecretHash, keys: KeyService): Promise<SecretState> {
  const found = await keys.findByHash(hash).catch((error) => {
    if (error instanceof OutkitError && error.code === 'not_found') return null;
    throw error;
  });
  if (found === null) return { kind: 'unknown' };
  const stats = found.secret === 'ended' ? null : await keys.stats(found.key.id, DEFAULT_WINDOW_MS);
  return { kind: 'known', ...found, stats };
}

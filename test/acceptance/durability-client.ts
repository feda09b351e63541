import { OutkitError } from '../../src/core/errors.ts';
import type { CreateKey, KeyService } from '../../src/core/key-service.ts';
import {
  afterChange,
  type Change,
  createdWith,
  type KeyState,
  mintedOf,
  newPlaintext,
  possibleChanges,
  type Role,
  sendChange,
} from './durability-model.ts';
import type { ServerProcess } from './durability-server.ts';

/** A key whose create was acknowledged. */
export interface KnownKey {
  readonly id: string;
  readonly state: KeyState;
}

/** A request whose answer was lost: the server did it or did not. */
export type Unknown =
  | { readonly kind: 'create'; readonly secret: string }
  | { readonly kind: 'change'; readonly key: KnownKey; readonly change: Change };

/** The end of a stream of requests: the one without an answer, and the keys that were changed, the latest last. */
export interface Cut {
  readonly unknown: Unknown;
  readonly touched: readonly string[];
}

/** No more secrets than this on a key, so that a look at it stays quick. */
const MAX_SECRETS = 6;

/** Works on keys of its own, so that it knows what each of them has to be. Several run at once. */
export class Client {
  readonly known = new Map<string, KeyState>();
  readonly #below: (end: number) => number;

  constructor(below: (end: number) => number) {
    this.#below = below;
  }

  /** Creates, changes and uses keys until the server is gone. */
  async workUntilCut(server: ServerProcess): Promise<Cut> {
    const { keys, profileId } = server;
    const touched = new Set<string>();
    for (;;) {
      const key = this.#someKey();
      const sent = key === null ? newCreate() : this.#someChange(key);
      try {
        const acknowledged = await send(keys, profileId, sent);
        this.learn(acknowledged);
        touched.delete(acknowledged.id);
        touched.add(acknowledged.id);
      } catch (error) {
        if (isCut(error)) return { unknown: sent, touched: [...touched] };
        throw error;
      }
    }
  }

  learn({ id, state }: KnownKey): void {
    this.known.set(id, state);
  }

  /** One of the latest keys that can change, or `null`: then it is time for a new one. */
  #someKey(): KnownKey | null {
    if (this.#below(3) === 0) return null;
    const recent = [...this.known].slice(-12).map(([id, state]) => ({ id, state }));
    const usable = recent.filter(({ state }) => !state.isRevoked);
    return usable[this.#below(Math.max(1, usable.length))] ?? null;
  }

  #someChange(key: KnownKey): Unknown {
    const kinds = possibleChanges(key.state);
    const isFull = key.state.roles.size >= MAX_SECRETS;
    const kind = isFull ? 'revoke' : (kinds[this.#below(kinds.length)] ?? 'revoke');
    return { kind: 'change', key, change: { kind, secret: newPlaintext() } };
  }
}

export function newCreate(): Unknown {
  return { kind: 'create', secret: newPlaintext() };
}

/** Sends a request and resolves to the key as the answer lets know it. */
export async function send(keys: KeyService, profileId: string, request: Unknown): Promise<KnownKey> {
  if (request.kind === 'create') {
    const { id } = await keys.create(createRequest(profileId, request.secret));
    return { id, state: createdWith(request.secret) };
  }
  const { key, change } = request;
  const acceptedUntil = await sendChange(keys, key.id, change);
  const after = afterChange(key.state, change);
  // Only a rotation opens a window whose end is not known before.
  if (after.acceptedUntil !== undefined && after.acceptedUntil !== acceptedUntil) {
    throw new Error(`${change.kind} of ${key.id} answers ${acceptedUntil}, not ${after.acceptedUntil}`);
  }
  return { id: key.id, state: { ...after, acceptedUntil } };
}

export function createRequest(profileId: string, secret: string): CreateKey {
  return {
    profileId,
    name: 'durable',
    environment: 'development',
    rateLimitPerMinute: 1_000_000_000,
    expiresAt: null,
    secret: mintedOf(secret),
  };
}

/** The connection went away before the answer. */
export function isCut(error: unknown): boolean {
  return error instanceof OutkitError && (error.code === 'unreachable' || error.code === 'timeout');
}

/** The key as the server shows it now, to the renderer and in the control API. */
export async function observed(server: ServerProcess, keyId: string, secrets: Iterable<string>): Promise<KeyState> {
  const { previousSecret, start, status } = await server.keys.find(keyId);
  const roles = new Map<string, Role>();
  for (const secret of secrets) {
    const role = await roleAtRenderer(server, secret);
    if (role === null) continue;
    roles.set(secret, role);
    const { key, secret: stored } = await server.keys.findByHash(mintedOf(secret).hash);
    if (stored !== role || key.id !== keyId)
      throw new Error(`${keyId}: the renderer says ${role}, the store ${stored}`);
    if (role === 'current' && !secret.startsWith(start)) throw new Error(`${keyId} is listed with another start`);
  }
  return { roles, isRevoked: status === 'revoked', acceptedUntil: previousSecret?.acceptedUntil ?? null };
}

/** `null` for a secret that no key has. */
export async function roleAtRenderer(server: ServerProcess, secret: string): Promise<Role | null> {
  const response = await fetch(`${server.url}/components`, { headers: { 'x-outkit-api-key': secret } });
  const body = (await response.json()) as { code?: string };
  if (response.status === 200) return response.headers.has('sunset') ? 'previous' : 'current';
  if (response.status !== 401) throw new Error(`the renderer answered ${response.status}`);
  return body.code === 'key_unknown' ? null : 'ended';
}

import { expect } from 'vitest';
import { OutkitError } from '../../src/core/errors.ts';
import { type KnownKey, observed, roleAtRenderer, send, type Unknown } from './durability-client.ts';
import { afterChange, createdWith, type KeyState, mintedOf } from './durability-model.ts';
import type { ServerProcess } from './durability-server.ts';

/**
 * A request that got no answer is wholly there or wholly absent, and sending it again comes to the one result that it has.
 * Resolves to the key as it is then.
 */
export async function expectResolved(server: ServerProcess, unknown: Unknown): Promise<KnownKey> {
  return unknown.kind === 'create' ? expectCreateResolved(server, unknown) : expectChangeResolved(server, unknown);
}

async function expectCreateResolved(
  server: ServerProcess,
  request: Extract<Unknown, { kind: 'create' }>,
): Promise<KnownKey> {
  const { secret } = request;
  const isThere = (await roleAtRenderer(server, secret)) !== null;
  const before = isThere ? (await server.keys.findByHash(mintedOf(secret).hash)).key.id : null;
  const { id } = await send(server.keys, server.profileId, request);
  if (before !== null) expect(id, 'a create that is sent again finds its key').toBe(before);
  const state = createdWith(secret);
  expect(await observed(server, id, [secret])).toEqual(state);
  return { id, state };
}

async function expectChangeResolved(
  server: ServerProcess,
  request: Extract<Unknown, { kind: 'change' }>,
): Promise<KnownKey> {
  const { key, change } = request;
  const after = afterChange(key.state, change);
  const secrets = [...after.roles.keys()];
  const found = await observed(server, key.id, secrets);
  const isDone = agrees(found, after);
  if (!isDone) expect(found, `${change.kind} of ${key.id} is there by halves`).toEqual(key.state);
  // An extension that is sent again extends again: whoever lost the answer has to look first.
  if (change.kind === 'extend' && isDone) return { id: key.id, state: found };
  await send(server.keys, server.profileId, request).catch((error: unknown) => {
    const isOver = isDone && error instanceof OutkitError && error.code === 'no_rotation';
    if (!isOver) throw error;
  });
  const state = await observed(server, key.id, secrets);
  expect(agrees(state, after), `${change.kind} of ${key.id}, sent again: ${JSON.stringify(state)}`).toBe(true);
  if (isDone) expect(state).toEqual(found);
  return { id: key.id, state };
}

function agrees(found: KeyState, expected: KeyState): boolean {
  const roles = ({ roles }: KeyState) => JSON.stringify([...roles].sort());
  const sameEnd = expected.acceptedUntil === undefined || found.acceptedUntil === expected.acceptedUntil;
  return sameEnd && found.isRevoked === expected.isRevoked && roles(found) === roles(expected);
}

/** Ids of all keys, ended ones too. */
export async function keyIds({ keys, profileId }: ServerProcess): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await keys.list({ profileId, includeEnded: true, cursor, limit: 100 });
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

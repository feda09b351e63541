import { DAY_MS, HOUR_MS } from '../../src/core/clock.ts';
import type { KeyService } from '../../src/core/key-service.ts';
import { mintSecret, startOf } from '../../src/core/secret.ts';
import { hashSecret } from '../../src/core/secret-hash.ts';

/** What a secret is to its key, told apart by the renderer alone. */
export type Role = 'current' | 'previous' | 'ended';

/** A key as the answers to its changes let expect it; written apart from the code that decides on changes. */
export interface KeyState {
  /** By plaintext: every secret that the key ever had. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly isRevoked: boolean;
  /** `null` outside a grace window; undefined while only the server knows it. */
  readonly acceptedUntil: number | null | undefined;
}

export const CHANGES = ['rotate', 'rotate-now', 'replace-new', 'end-grace', 'extend', 'cancel', 'revoke'] as const;

export type ChangeKind = (typeof CHANGES)[number];

/** A change as it is sent, and sent again after a cut. `secret` is there for those that mint. */
export interface Change {
  readonly kind: ChangeKind;
  readonly secret: string;
}

export const EXTENSION_MS = HOUR_MS;

export function mintedOf(plaintext: string) {
  return { hash: hashSecret(plaintext), start: startOf(plaintext) };
}

export function newPlaintext(): string {
  return mintSecret('development', (bytes) => crypto.getRandomValues(bytes));
}

export function createdWith(secret: string): KeyState {
  return { roles: new Map([[secret, 'current']]), isRevoked: false, acceptedUntil: null };
}

/** The changes that the key takes as it is. */
export function possibleChanges({ roles, isRevoked }: KeyState): readonly ChangeKind[] {
  if (isRevoked) return [];
  const inGrace = [...roles.values()].includes('previous');
  return inGrace ? ['replace-new', 'end-grace', 'extend', 'cancel', 'revoke'] : ['rotate', 'rotate-now', 'revoke'];
}

/** The key after one of its possible changes. */
export function afterChange(state: KeyState, { kind, secret }: Change): KeyState {
  const turned = (turn: (role: Role) => Role) => [...state.roles].map(([text, role]) => [text, turn(role)] as const);
  const withRoles = (roles: Iterable<readonly [string, Role]>, acceptedUntil: KeyState['acceptedUntil']) => ({
    ...state,
    roles: new Map(roles),
    acceptedUntil,
  });
  const newer = [secret, 'current'] as const;
  switch (kind) {
    case 'rotate':
      return withRoles([...turned((role) => (role === 'current' ? 'previous' : role)), newer], undefined);
    case 'rotate-now':
      return withRoles([...turned(() => 'ended'), newer], null);
    case 'replace-new':
      return withRoles([...turned((role) => (role === 'current' ? 'ended' : role)), newer], state.acceptedUntil);
    case 'end-grace':
      return withRoles(
        turned((role) => (role === 'previous' ? 'ended' : role)),
        null,
      );
    case 'cancel':
      return withRoles(
        turned((role) => (role === 'previous' ? 'current' : 'ended')),
        null,
      );
    case 'extend':
      return { ...state, acceptedUntil: (state.acceptedUntil ?? Number.NaN) + EXTENSION_MS };
    case 'revoke':
      return {
        ...withRoles(
          turned(() => 'ended'),
          null,
        ),
        isRevoked: true,
      };
  }
}

/** Sends a change. Resolves to what the answer says of the grace window. */
export async function sendChange(keys: KeyService, keyId: string, { kind, secret }: Change): Promise<number | null> {
  const answer = await answerTo();
  return 'previousSecret' in answer ? (answer.previousSecret?.acceptedUntil ?? null) : null;

  function answerTo() {
    const minted = mintedOf(secret);
    switch (kind) {
      case 'rotate':
        return keys.rotate(keyId, { graceMs: DAY_MS, replaceNew: false, secret: minted });
      case 'rotate-now':
        return keys.rotate(keyId, { graceMs: 0, replaceNew: false, secret: minted });
      case 'replace-new':
        return keys.rotate(keyId, { graceMs: 0, replaceNew: true, secret: minted });
      case 'end-grace':
        return keys.endGrace(keyId);
      case 'extend':
        return keys.extendGrace(keyId, EXTENSION_MS);
      case 'cancel':
        return keys.cancelRotation(keyId);
      case 'revoke':
        return keys.revoke(keyId, null);
    }
  }
}

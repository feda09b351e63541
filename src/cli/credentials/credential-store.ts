import { OutkitError } from '../../core/errors.ts';
import type { Io } from '../io.ts';
import { changeCredentialFile, readCredentialFile } from './credential-file.ts';
import type { Keychain } from './keychain.ts';

export type KeptIn = 'keychain' | 'file';

/** The credential of a login. */
export interface KeptCredential {
  readonly credential: string;
  readonly keptIn: KeptIn;
}

/** A login of which only the place of the credential is looked at. */
export interface KeptLogin {
  /** Origin. */
  readonly server: string;
  readonly keptIn: KeptIn;
}

export type StoreIo = Pick<Io, 'env' | 'home' | 'userId' | 'wait' | 'openKeychain'>;

/** All logins of this machine's user, ordered by server. Asks no keychain. Throws `credential_store`. */
export async function listLogins(io: StoreIo): Promise<readonly KeptLogin[]> {
  const logins = [...(await readCredentialFile(io))].map(
    ([server, credential]): KeptLogin => ({ server, keptIn: credential === null ? 'keychain' : 'file' }),
  );
  return logins.sort((left, right) => (left.server < right.server ? -1 : 1));
}

/** The credential that is kept for that origin and no other; `null` when there is none. Throws `credential_store`. */
export async function findCredential(server: string, io: StoreIo): Promise<KeptCredential | null> {
  const kept = (await readCredentialFile(io)).get(server);
  if (kept === undefined) return null;
  if (kept !== null) return { credential: kept, keptIn: 'file' };
  const keychain = await keychainOf(io);
  const credential = keychain === null ? 'failed' : await keychain.read(server);
  if (credential === null) return null;
  if (credential !== 'failed') return { credential, keptIn: 'keychain' };
  throw new OutkitError(
    'credential_store',
    `The keychain does not give the credential for ${server}`,
    `unlock the keychain, or outkit login --api-url ${server}`,
  );
}

/**
 * Keeps the credential in the place of the one before: in the keychain if that takes it, else in the file. Resolves to where. Throws
 * `credential_store`, and then nothing was kept.
 */
export async function keepCredential(server: string, credential: string, io: StoreIo): Promise<KeptIn> {
  const keychain = await keychainOf(io);
  const isInKeychain = (await keychain?.write(server, credential)) === true;
  try {
    await changeCredentialFile(io, server, isInKeychain ? null : credential);
  } catch (error) {
    if (isInKeychain) await keychain?.remove(server);
    throw error;
  }
  return isInKeychain ? 'keychain' : 'file';
}

/** Forgets the credential for that origin. Resolves to false when the keychain still has it. Throws `credential_store`. */
export async function forgetCredential({ server, keptIn }: KeptLogin, io: StoreIo): Promise<boolean> {
  const isGone = keptIn === 'file' || (await (await keychainOf(io))?.remove(server)) === true;
  await changeCredentialFile(io, server, undefined);
  return isGone;
}

async function keychainOf(io: StoreIo): Promise<Keychain | null> {
  return io.env['OUTKIT_NO_KEYCHAIN'] === '1' ? null : io.openKeychain();
}

import type { CreatedKey, CreateKey, KeyService } from '../core/key-service.ts';
import type { PlaintextSecret } from '../core/secret.ts';
import type { Undo } from './delivery.ts';
import type { Io } from './io.ts';
import { newSecret, type Repair, sendTwice } from './new-secret.ts';

/** A key that exists, and a secret that nobody has got yet. */
export interface CreatedSecret {
  readonly created: CreatedKey;
  readonly plaintext: PlaintextSecret;
  readonly undo: Undo;
}

const REPAIR: Repair = { command: 'outkit keys list', what: 'if it is in the list, revoke it' };

/** Mints a secret here and creates its key at the server. What can be checked before must have been: from here on there is a key. */
export async function createKey(request: Omit<CreateKey, 'secret'>, keys: KeyService, io: Io): Promise<CreatedSecret> {
  const { plaintext, minted } = newSecret(request.environment, io);
  const created = await sendTwice(() => keys.create({ ...request, secret: minted }), REPAIR);
  const undo = {
    run: () => keys.revoke(created.id, 'The env file could not be written'),
    done: 'Nobody holds the key, so it was revoked',
    command: `outkit keys revoke ${created.id}`,
  };
  return { created, plaintext, undo };
}

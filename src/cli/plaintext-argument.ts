import { OutkitError } from '../core/errors.ts';
import { isWellFormedSecret, maskedStart, startOf } from '../core/secret.ts';
import { hashSecret } from '../core/secret-hash.ts';
import type { Session } from './session.ts';

const SECRET = /ok[dsp]_[0-9A-Za-z]{38}/;

/** Of a login, or of `outkit dev`. */
const CREDENTIAL = /\bok[lt]_[\w-]{43}(?![\w-])/;

/**
 * Throws `usage` when an argument has a key or a credential in it: it now stands in the shell's history and was visible to other processes. Asked before
 * anything is parsed, since a command line that is wrong otherwise leaks as well. Names the id to revoke if a server can tell it.
 */
export async function refusePlaintextArguments(
  argv: readonly string[],
  session: () => Promise<Session>,
): Promise<void> {
  if (CREDENTIAL.test(argv.join('\n'))) {
    const what = 'An argument holds a credential. It now stands in the history of your shell: treat it as leaked';
    throw new OutkitError('usage', what, 'outkit logout --everywhere');
  }
  const secret = SECRET.exec(argv.join('\n'))?.[0];
  if (secret === undefined) return;
  const id = isWellFormedSecret(secret) ? await idOf(secret, session).catch(() => null) : null;
  throw new OutkitError(
    'usage',
    `An argument holds the key ${maskedStart(startOf(secret))} itself. It now stands in the history of your shell: treat it as leaked`,
    id === null ? 'outkit keys list --all' : `outkit keys revoke ${id}`,
  );
}

async function idOf(secret: string, session: () => Promise<Session>): Promise<string> {
  const { keys } = await session();
  return (await keys.findByHash(hashSecret(secret))).key.id;
}

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { SESSION_CREDENTIAL_PATTERN } from '../../core/accounts.ts';

/** The keychain of the operating system. No method rejects: a keychain that is missing, locked or hangs has failed. */
export interface Keychain {
  /** `null` when it has none for that server. */
  read(server: string): Promise<string | null | 'failed'>;
  /** True once it has it: it was read back. */
  write(server: string, credential: string): Promise<boolean>;
  /** True once it has none. */
  remove(server: string): Promise<boolean>;
}

/** What {@link Keychain} asks of its child process, as JSON on standard input. */
export type KeychainRequest =
  | { readonly action: 'read' | 'remove'; readonly server: string }
  | { readonly action: 'write'; readonly server: string; readonly credential: string };

const TIMEOUT_MS = 3000;

/** Beside this file, as it is and in the build: there it is an entry of its own. */
const CHILD = fileURLToPath(new URL(`./keychain-child${import.meta.url.slice(-3)}`, import.meta.url));

/** What the keychain holds when the child is done. */
const answer = v.strictObject({
  credential: v.nullable(v.pipe(v.string(), v.regex(SESSION_CREDENTIAL_PATTERN))),
});

/**
 * Asks in a child process, since a locked keychain can wait for a dialogue that nobody sees, and a native module cannot be interrupted:
 * the child is killed after 3 s. Credentials go through its standard input and output, which no other user can see.
 */
export function openKeychain(nodePath: string, child = CHILD, timeoutMs = TIMEOUT_MS): Keychain {
  const ask = (request: KeychainRequest) => askChild(nodePath, child, request, timeoutMs);
  return {
    read: (server) => ask({ action: 'read', server }),
    write: async (server, credential) => (await ask({ action: 'write', server, credential })) === credential,
    remove: async (server) => (await ask({ action: 'remove', server })) === null,
  };
}

/** Resolves to what the keychain holds for the server afterwards. */
async function askChild(
  nodePath: string,
  path: string,
  request: KeychainRequest,
  timeout: number,
): Promise<string | null | 'failed'> {
  const child = spawn(nodePath, [path], { stdio: ['pipe', 'pipe', 'ignore'], timeout, killSignal: 'SIGKILL' });
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(request));
  const [written, isDone] = await Promise.all([text(child.stdout).catch(() => ''), ended]);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), answer), written);
  return isDone && read.success ? read.output.credential : 'failed';
}

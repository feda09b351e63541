import type { Me } from '../../core/people-service.ts';
import type { CommandContext } from '../command.ts';
import { findCredential, type KeptIn, keepCredential } from '../credentials/credential-store.ts';
import type { Server } from '../server-choice.ts';

/** A login that is kept. */
export interface Login {
  readonly server: Server;
  readonly me: Me;
  readonly keptIn: KeptIn;
}

type LoginContext = Pick<CommandContext, 'io' | 'output' | 'connect'>;

/**
 * Finds out whose the credential is, keeps it in the place of the one before, and ends the session of that one. Throws what the server
 * says, `credential_store`, and the reason of the signal; then the login before is as it was.
 */
export async function replaceLogin(
  server: Server,
  credential: string,
  context: LoginContext,
  signal?: AbortSignal,
): Promise<Login> {
  const { io, output, connect } = context;
  const { me } = await connect({ ...server, token: credential });
  signal?.throwIfAborted();
  const who = await me.me();
  signal?.throwIfAborted();
  const before = await findCredential(server.url, io).catch(() => 'unknown' as const);
  const keptIn = await keepCredential(server.url, credential, io);
  if (before === null || (before !== 'unknown' && before.credential === credential)) {
    return { server, me: who, keptIn };
  }
  if (before === 'unknown' || !(await hasEnded(server, before.credential, context))) {
    output.warn('The session of the login before could not be ended. See what there is: outkit sessions list');
  }
  return { server, me: who, keptIn };
}

function hasEnded(server: Server, credential: string, context: LoginContext): Promise<boolean> {
  return endSession(server, credential, context).then(
    () => true,
    () => false,
  );
}

/** Ends the session of the credential on the server; one that has ended is no error. */
export async function endSession(
  server: Server,
  credential: string,
  { connect }: Pick<CommandContext, 'connect'>,
): Promise<void> {
  const { me } = await connect({ ...server, token: credential });
  await me.signOut().catch((error: { code?: unknown }) => {
    if (error.code !== 'unauthenticated') throw error;
  });
}

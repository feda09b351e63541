import { isLoopbackHost, isSafeOrigin } from '../core/loopback.ts';

export const SERVER_URL_RULE =
  'must be the origin of a server: https://host[:port], or http:// on this machine, without user, password or path';

/** True for the origin of a server that credentials may go to: encrypted, or on this machine. */
export function isServerUrl(text: string): boolean {
  return isSafeOrigin(text);
}

/** True for a server on this machine. */
export function isLoopbackUrl(text: string): boolean {
  return isServerUrl(text) && isLoopbackHost(new URL(text).hostname);
}

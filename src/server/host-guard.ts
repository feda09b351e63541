import { isIP } from 'node:net';

const MAX_PORT = 65_535;

/**
 * Whether a `Host` header may be answered. A web page can make a browser speak to a local server under a name that it controls
 * (DNS rebinding), never under an address: so addresses, localhost and the names that the operator gave are good, nothing else is.
 */
export function isKnownHost(hostHeader: string | undefined, ownNames: readonly string[]): boolean {
  if (hostHeader === undefined) return false;
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(hostHeader);
  const name = match?.[1]?.toLowerCase().replace(/^\[|\]$/g, '');
  // With another port it is the host of no URL.
  if (name === undefined || Number(match?.[2] ?? 0) > MAX_PORT) return false;
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || ownNames.includes(name);
}

/** True for an address of this machine's loopback. Loopback alone is never authority: a credential is needed besides. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || /^(::ffff:)?127\./.test(address));
}

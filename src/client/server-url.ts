const LOOPBACK_HOST = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

export const SERVER_URL_RULE =
  'must be the origin of a server: https://host[:port], or http:// on this machine, without user, password or path';

/** True for the origin of a server that credentials may go to: encrypted, or on this machine. */
export function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/')
    return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK_HOST.test(url.hostname));
}

/** True for a server on this machine. */
export function isLoopbackUrl(text: string): boolean {
  return isServerUrl(text) && LOOPBACK_HOST.test(new URL(text).hostname);
}

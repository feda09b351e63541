import type { Exchange } from './exchange.ts';
import type { CheckedOptions } from './options.ts';
import { ProxyError } from './proxy-error.ts';

const KEY_PATTERN = /^ok[dsp]_[0-9A-Za-z]{38}$/;
const LOOPBACK_HOST = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
type KeyOptions = Pick<CheckedOptions<never>, 'key' | 'notices'>;

const WHERE_KEY = "'outkit keys list' shows the keys, 'outkit keys create' makes one";

/** True for what looks like an Outkit key; nothing is trimmed into one. */
export function isOutkitKey(text: unknown): text is string {
  return typeof text === 'string' && KEY_PATTERN.test(text);
}

/** The origin that a key may be sent to: encrypted, or on this machine, with nothing else in the URL; `null` for anything else. */
export function safeOrigin(text: unknown): string | null {
  // `URL` drops line ends and spaces silently.
  if (typeof text !== 'string' || !/^[\x21-\x7e]{1,2048}$/.test(text) || !URL.canParse(text)) return null;
  const { protocol, hostname, username, password, pathname, origin } = new URL(text);
  if (username !== '' || password !== '' || pathname !== '/' || /[?#\\]/.test(text)) return null;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOST.test(hostname)) ? origin : null;
}

/** What the log calls the place of the key. */
export function keyPlace({ key }: Pick<KeyOptions, 'key'>): string {
  return key === undefined ? 'OUTKIT_API_KEY' : 'the key of createOutkitProxy (OUTKIT_API_KEY, as a rule)';
}

/** The key for this request. Throws `proxy_misconfigured` and tells the log what to do, without the value. */
export async function currentKey(options: KeyOptions, exchange: Exchange): Promise<string> {
  const { key, notices } = options;
  let value: unknown;
  try {
    value = await exchange.within(() => {
      if (key === undefined) return environmentVariable('OUTKIT_API_KEY');
      return typeof key === 'function' ? key() : key;
    });
  } catch {
    const error = exchange.failure('proxy_misconfigured');
    if (error.code === 'client_gone') throw error;
    notices.error(
      `Outkit: the key function of createOutkitProxy ${exchange.why === 'timeout' ? 'gave nothing in time' : 'failed'}`,
    );
    throw error;
  }
  if (isOutkitKey(value)) return value;
  const what =
    value === undefined || value === '' ? 'is not set' : 'is not an Outkit key: 42 characters, nothing around them';
  notices.error(`Outkit: ${keyPlace(options)} ${what}. ${WHERE_KEY}`);
  throw new ProxyError('proxy_misconfigured');
}

/** The origin of the server for this request. Throws `proxy_misconfigured` and tells the log what to do. */
export function currentOrigin({ apiUrl, notices }: Pick<CheckedOptions<never>, 'apiUrl' | 'notices'>): string {
  const value = apiUrl ?? environmentVariable('OUTKIT_API_URL');
  const origin = safeOrigin(value);
  if (origin !== null) return origin;
  const what = value === undefined || value === '' ? 'is not set' : 'is not the origin of a server';
  notices.error(`Outkit: OUTKIT_API_URL ${what}. It must be https://host[:port], or http:// on this machine`);
  throw new ProxyError('proxy_misconfigured');
}

/** Of the process, where there is one: some platforms have none. */
function environmentVariable(name: string): string | undefined {
  return globalThis.process?.env?.[name];
}

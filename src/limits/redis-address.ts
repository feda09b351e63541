import { BlockList, isIP, isIPv6 } from 'node:net';
import { OutkitError } from '../core/errors.ts';
import { isLoopbackHost } from '../core/loopback.ts';

/** Where a Redis server is, and as whom to come. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
  /** `null` for the default user. */
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
}

const PRIVATE = new BlockList();
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

/** A name without a dot, as containers have, or one that no public name server gives out. It starts with a letter: digits alone are an address. */
const PRIVATE_NAME = /^[a-z][a-z0-9-]*$|^(?:[a-z0-9_-]+\.)+(?:internal|local)$/i;

/**
 * Reads `redis[s]://[user][:password]@host[:port][/database]`. Without encryption only a host of this machine or of a private network is
 * taken. `invalid_config`, without a word of the URL: there may be a password in it.
 */
export function readRedisAddress(text: string): RedisAddress {
  const url = parsed(text);
  const isEncrypted = url.protocol === 'rediss:';
  if (!isEncrypted && !isPrivateHost(url.hostname)) {
    throw new OutkitError(
      'invalid_config',
      'The Redis URL leads out of the private network without encryption.',
      'Write rediss:// instead of redis://, or give a private address.',
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 6379),
    isEncrypted,
    username: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
    database: Number(url.pathname.slice(1)),
  };
}

function parsed(text: string): URL {
  if (URL.canParse(text)) {
    const url = new URL(text);
    const isRedis = /^rediss?:$/.test(url.protocol) && url.hostname !== '' && /^(?:\/\d{0,5})?$/.test(url.pathname);
    if (isRedis && url.search === '' && url.hash === '' && isDecodable(url.username + url.password)) return url;
  }
  throw new OutkitError(
    'invalid_config',
    'The Redis URL is none.',
    'Write it like rediss://user:password@host:6379/0.',
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function isPrivateHost(hostname: string): boolean {
  if (isLoopbackHost(hostname)) return true;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) === 0) return PRIVATE_NAME.test(host);
  return PRIVATE.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}
